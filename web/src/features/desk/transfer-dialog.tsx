// Handing a conversation over: to a colleague, a group, another line or back into the queue, with a word for whoever gets it.
// Who cannot take it stands there too, with the reason.
import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { IconList, IconSearch, IconStack2, IconUsersGroup } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import type { Conversation, Id } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { StatusDot } from "@/ui/status-dot.tsx";
import { type TransferTargets, transferTargetsQuery } from "./routing.ts";
import styles from "./transfer-dialog.module.css";

type To = { kind: "operator" | "group" | "line"; id: Id } | { kind: "queue" };
interface Choice {
  to: To;
  name: string;
  note: string;
  mark: ReactNode;
  available: boolean;
}
const icon = { size: 18, stroke: 1.5 } as const;
const keyOf = (to: To) => ("id" in to ? `${to.kind}:${to.id}` : to.kind);

export function TransferDialog({
  conversation,
  onClose,
}: {
  conversation: Conversation;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const targets = useQuery(transferTargetsQuery(conversation.id));
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [comment, setComment] = useState("");
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const groups = useChoices(targets.data, words);

  const send = async () => {
    if (!chosen) return;
    setBusy(true);
    try {
      await post(`/conversations/${conversation.id}/transfer`, { to: chosen.to, comment: comment.trim() });
      notifyDone(t("routing:transfer.done", { name: chosen.name }));
      onClose();
      void client.invalidateQueries({ queryKey: ["conversations"] });
      void client.invalidateQueries({ queryKey: ["conversation", conversation.id] });
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError && error.fields.comment) setProblem(error.fields.comment);
      else notifyError(error);
      void targets.refetch();
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={t("routing:transfer.title")}
      size={520}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <TextInput
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        aria-label={t("routing:transfer.search")}
        placeholder={t("routing:transfer.search")}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        data-autofocus
        data-testid="transfer-search"
      />
      <div className={styles.targets} role="radiogroup" aria-label={t("routing:transfer.title")}>
        {targets.isError ? (
          <ErrorState error={targets.error} retry={() => void targets.refetch()} compact />
        ) : targets.isPending ? (
          <RowSkeletons count={4} />
        ) : groups.length === 0 ? (
          <p className={styles.muted}>{t("common:nothingFound")}</p>
        ) : (
          groups.map(({ label, choices }) => (
            <div key={label}>
              <p className={styles.groupLabel}>{label}</p>
              {choices.map((choice) => (
                <label
                  key={keyOf(choice.to)}
                  className={styles.target}
                  data-off={!choice.available || undefined}
                >
                  <input
                    type="radio"
                    name="target"
                    disabled={!choice.available}
                    checked={chosen !== null && keyOf(chosen.to) === keyOf(choice.to)}
                    onChange={() => setChosen(choice)}
                  />
                  {choice.mark}
                  <span className={styles.targetName}>{choice.name}</span>
                  <span className={styles.muted}>{choice.note}</span>
                </label>
              ))}
            </div>
          ))
        )}
      </div>
      <Textarea
        label={t("routing:transfer.comment")}
        description={t("routing:transfer.commentText")}
        value={comment}
        onChange={(event) => {
          setComment(event.currentTarget.value);
          setProblem(undefined);
        }}
        error={problem}
        maxLength={4000}
        autosize
        minRows={2}
        maxRows={6}
        data-testid="transfer-comment"
      />
      <div className={styles.dialogActions}>
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button disabled={!chosen} loading={busy} onClick={() => void send()} data-testid="transfer-send">
          {t("routing:transfer.send")}
        </Button>
      </div>
    </Modal>
  );
}

/** Everybody and everything one can hand over to, in four groups, narrowed to the words. */
function useChoices(targets: TransferTargets | undefined, words: string) {
  const { t, i18n } = useTranslation();
  if (!targets) return [];
  const needle = words.trim().toLowerCase();
  const weighed = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 });
  const work = (load: number, limit: number) =>
    t("routing:transfer.load", { open: weighed.format(load), limit });
  const all: { label: string; choices: Choice[] }[] = [
    {
      label: t("routing:transfer.operators"),
      choices: targets.operators.map(({ user, status, load, limit, available, reason }) => ({
        to: { kind: "operator", id: user.id },
        name: user.name,
        note: reason ?? work(load, limit),
        mark: (
          <Avatar name={user.name} color={user.avatar_color} size={24} mark={<StatusDot status={status} />} />
        ),
        available,
      })),
    },
    {
      label: t("routing:transfer.groups"),
      choices: targets.groups.map(({ group, free, available, reason }) => ({
        to: { kind: "group", id: group.id },
        name: group.name,
        note: reason ?? t("routing:transfer.free", { count: free }),
        mark: <IconUsersGroup {...icon} />,
        available,
      })),
    },
    {
      label: t("routing:transfer.lines"),
      choices: targets.lines.map(({ line, second_line, came_from, available, reason }) => ({
        to: { kind: "line", id: line.id },
        name: line.name,
        note:
          reason ??
          (came_from ? t("routing:transfer.back") : second_line ? t("routing:transfer.second") : ""),
        mark: <IconStack2 {...icon} />,
        available,
      })),
    },
    {
      label: t("routing:transfer.others"),
      choices: [
        {
          to: { kind: "queue" },
          name: t("routing:transfer.queue"),
          note: t("routing:transfer.queueText"),
          mark: <IconList {...icon} />,
          available: true,
        },
      ],
    },
  ];
  return all
    .map(({ label, choices }) => ({
      label,
      choices: choices.filter((choice) => choice.name.toLowerCase().includes(needle)),
    }))
    .filter(({ choices }) => choices.length > 0);
}
