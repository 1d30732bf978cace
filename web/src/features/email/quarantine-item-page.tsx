// One letter in quarantine: why it is here, its source, and the ways out: another try, a conversation by hand, discarding it.
import { Alert, Button } from "@mantine/core";
import { IconMessagePlus, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post, remove } from "@/api/http.ts";
import type { QuarantineDetail, QuarantineRetry } from "@/api/types.ts";
import { fileSize } from "@/lib/text.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { Moment } from "@/ui/time.tsx";
import { ConvertDialog } from "./convert-dialog.tsx";
import styles from "./email.module.css";
import { quarantineItemQuery } from "./queries.ts";

const route = getRouteApi("/shell/admin/quarantine/$itemId");

export function QuarantineItemPage() {
  const { t } = useTranslation();
  const { itemId } = route.useParams();
  const item = useQuery(quarantineItemQuery(itemId));
  return (
    <Allowed need="quarantine.manage">
      {item.data ? (
        <Item item={item.data} />
      ) : item.error ? (
        <ErrorState error={item.error} retry={() => void item.refetch()} />
      ) : (
        <PageFrame title={t("email:quarantine.letter")}>
          <RowSkeletons count={2} height={160} />
        </PageFrame>
      )}
    </Allowed>
  );
}

function Item({ item }: { item: QuarantineDetail }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [converting, setConverting] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["quarantine"] });
  const openConversation = (id: string) =>
    navigate({ to: "/c/$view/$conversationId", params: { view: "all", conversationId: id } });

  const retry = useMutation({
    mutationFn: () => post<QuarantineRetry>(`/quarantine/${item.id}/retry`),
    onSuccess: async ({ outcome, conversation }) => {
      if (outcome === "quarantined") {
        await refresh();
        return;
      }
      notifyDone(t(`email:quarantine.outcome.${outcome}`));
      if (conversation) await openConversation(conversation.id);
      else await navigate({ to: "/admin/quarantine" });
      void refresh();
    },
    onError: (error) => notifyError(error),
  });
  const discard = useMutation({
    mutationFn: () => remove(`/quarantine/${item.id}`),
    onSuccess: async () => {
      notifyDone(t("email:quarantine.discarded"));
      await navigate({ to: "/admin/quarantine" });
      void refresh();
    },
    onError: (error) => notifyError(error),
    onSettled: () => setDiscarding(false),
  });
  const again = retry.data?.outcome === "quarantined";

  return (
    <PageFrame
      wide
      title={item.subject || t("common:noSubject")}
      text={
        <>
          {item.from || t("email:ledger.noSender")} · {item.line.name} ·{" "}
          {fileSize(item.size, i18n.language === "en" ? "en" : "ru")} · <Moment at={item.seen_at} long />
        </>
      }
      back={<Link to="/admin/quarantine">{t("email:quarantine.title")}</Link>}
    >
      <Alert color="red" mb="md" title={t("email:quarantine.why")} data-testid="quarantine-error">
        {item.error}
        <p className={styles.note} style={{ marginTop: 8 }}>
          {t("email:quarantine.attempts", { count: item.attempts })}
          {again && ` ${t("email:quarantine.again")}`}
        </p>
        {item.technical && (
          <details className={styles.technical}>
            <summary>{t("email:quarantine.technical")}</summary>
            <pre className={styles.code}>{item.technical}</pre>
          </details>
        )}
      </Alert>
      <div className={styles.tools}>
        <Button
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
          data-testid="quarantine-retry"
        >
          {t("email:quarantine.retry")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconMessagePlus size={18} stroke={1.5} />}
          onClick={() => setConverting(true)}
          data-testid="quarantine-convert"
        >
          {t("email:quarantine.convert")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={18} stroke={1.5} />}
          onClick={() => setDiscarding(true)}
          data-testid="quarantine-discard"
        >
          {t("email:quarantine.discard")}
        </Button>
      </div>
      <FormSection
        title={t("email:quarantine.source")}
        text={t("email:quarantine.sourceText")}
        aside={
          <a href={item.raw_url} download>
            {t("email:quarantine.download")}
          </a>
        }
      >
        <pre
          className={styles.code}
          style={{ maxHeight: "60vh" }}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text has to be scrolled from the keyboard too
          tabIndex={0}
          data-testid="quarantine-raw"
        >
          {item.raw_preview}
        </pre>
      </FormSection>
      <ConvertDialog
        item={item}
        opened={converting}
        onClose={() => setConverting(false)}
        onDone={async (conversation) => {
          notifyDone(t("email:quarantine.converted", { number: conversation.number }));
          await openConversation(conversation.id);
          void refresh();
        }}
      />
      <ConfirmDialog
        opened={discarding}
        title={t("email:quarantine.discardTitle")}
        text={t("email:quarantine.discardText")}
        confirm={t("email:quarantine.discard")}
        loading={discard.isPending}
        onConfirm={() => discard.mutate()}
        onClose={() => setDiscarding(false)}
      />
    </PageFrame>
  );
}
