// Who takes part in a group conversation, by which channel each client is written to, and who comes and goes.
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import { useMe } from "@/api/me.ts";
import type { Conversation, GroupMember } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { notifyError } from "@/ui/notify.ts";
import { refreshConversation } from "./cache.ts";
import styles from "./members.module.css";
import panel from "./panel.module.css";
import { PanelBlock } from "./panel-block.tsx";

const AddMemberDialog = lazy(() => import("./add-member-dialog.tsx"));
const nameOf = (one: GroupMember) => one.contact?.name ?? one.user?.name ?? "";

export function MembersBlock({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<GroupMember | null>(null);
  const takeOut = useMutation({
    mutationFn: (one: GroupMember) => remove(`/conversations/${conversation.id}/members/${one.id}`),
    onSuccess: () => {
      setLeaving(null);
      void refreshConversation(client, conversation.id);
      void client.invalidateQueries({ queryKey: ["groups"] });
    },
    onError: (error) => notifyError(error),
  });
  const { members, can } = conversation;
  return (
    <PanelBlock
      id="members"
      title={t("groups:members")}
      count={members.length}
      action={
        can.reply && (
          <IconButton label={t("groups:add")} onClick={() => setAdding(true)} data-testid="member-add">
            <IconPlus size={16} stroke={1.5} />
          </IconButton>
        )
      }
    >
      <ul className={styles.members} data-testid="members">
        {members.map((one) => (
          <Member key={one.id} one={one} onRemove={can.reply ? () => setLeaving(one) : undefined} />
        ))}
      </ul>
      <details className={styles.rule}>
        <summary>{t("groups:ruleTitle")}</summary>
        <p className={panel.muted}>{t("groups:rule")}</p>
      </details>
      <Suspense>
        {adding && <AddMemberDialog conversation={conversation} onClose={() => setAdding(false)} />}
      </Suspense>
      <ConfirmDialog
        opened={leaving !== null}
        title={t("groups:removeTitle", { name: leaving ? nameOf(leaving) : "" })}
        text={t(leaving?.contact ? "groups:removeClient" : "groups:removeStaff")}
        confirm={t("groups:remove")}
        loading={takeOut.isPending}
        onConfirm={() => leaving && takeOut.mutate(leaving)}
        onClose={() => setLeaving(null)}
      />
    </PanelBlock>
  );
}

function Member({ one, onRemove }: { one: GroupMember; onRemove?: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const person = one.contact ?? one.user;
  if (!person) return null;
  const note = one.contact
    ? [one.contact.company?.name, one.channel && t(`channels:kind.${one.channel}`)]
        .filter(Boolean)
        .join(" · ")
    : t(one.user?.id === me.id ? "groups:you" : "groups:colleague");
  return (
    <li className={styles.member} data-testid="member">
      <Avatar
        name={person.name}
        color={person.avatar_color}
        size={28}
        mark={one.channel ? <ChannelMark kind={one.channel} size={12} colored /> : undefined}
      />
      <span className={styles.words} title={one.address ?? undefined}>
        <span className={styles.name}>{person.name}</span>
        <span className={styles.note}>{note}</span>
      </span>
      {onRemove && (
        <IconButton
          label={t("groups:drop", { name: person.name })}
          size={28}
          className={styles.remove}
          onClick={onRemove}
          data-testid="member-remove"
        >
          <IconX size={16} stroke={1.5} />
        </IconButton>
      )}
    </li>
  );
}
