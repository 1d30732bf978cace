// One job in full: what it works on, why it failed, and what can be done about it.
import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post, remove } from "@/api/http.ts";
import type { Job } from "@/api/types.ts";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { Moment } from "@/ui/time.tsx";
import styles from "./admin.module.css";
import { useJobName } from "./job-columns.tsx";

export function JobDialog({ job, onClose }: { job: Job | null; onClose: () => void }) {
  const { t } = useTranslation();
  const name = useJobName();
  return (
    <Modal
      opened={job !== null}
      onClose={onClose}
      title={job ? name(job.kind) : ""}
      size={680}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {job && <Body job={job} onClose={onClose} />}
    </Modal>
  );
}

function Body({ job, onClose }: { job: Job; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: (what: "retry" | "discard") =>
      what === "retry" ? post<unknown>(`/jobs/${job.id}/retry`) : remove<unknown>(`/jobs/${job.id}`),
    onSuccess: (_, what) => {
      notifyDone(t(what === "retry" ? "admin:jobs.retried" : "admin:jobs.discarded"));
      onClose();
    },
    onError: (error) => notifyError(error),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
  return (
    <Stack gap="md">
      <p className={styles.note}>
        {job.kind} · {t("admin:jobs.attemptsOf", { number: job.attempts, most: job.max_attempts })} ·{" "}
        {t("admin:jobs.created")} <Moment at={job.created_at} long />
        {job.state === "waiting" && (
          <>
            {" · "}
            {t("admin:jobs.next")} <Moment at={job.run_at} long />
          </>
        )}
      </p>
      {job.last_error && (
        <div>
          <p className={styles.label}>{t("admin:jobs.error")}</p>
          <pre className={styles.code} data-bad data-testid="job-error">
            {job.last_error}
          </pre>
        </div>
      )}
      <div>
        <p className={styles.label}>{t("admin:jobs.payload")}</p>
        <pre className={styles.code} data-testid="job-payload">
          {JSON.stringify(job.payload, null, 2)}
        </pre>
      </div>
      {job.state === "running" && <p className={styles.note}>{t("admin:jobs.isRunning")}</p>}
      {job.state !== "running" &&
        (asking ? (
          <Alert color="red" title={t("admin:jobs.discardTitle")}>
            {t("admin:jobs.discardText")}
            <Group mt="sm" gap="xs">
              <Button
                color="red"
                loading={act.isPending}
                onClick={() => act.mutate("discard")}
                data-testid="confirm-button"
              >
                {t("admin:jobs.discard")}
              </Button>
              <Button variant="default" onClick={() => setAsking(false)}>
                {t("common:cancel")}
              </Button>
            </Group>
          </Alert>
        ) : (
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsking(true)} data-testid="job-discard">
              {t("admin:jobs.discard")}
            </Button>
            <Button loading={act.isPending} onClick={() => act.mutate("retry")} data-testid="job-retry">
              {t("admin:jobs.retry")}
            </Button>
          </Group>
        ))}
    </Stack>
  );
}
