// "Check the connection": who we are at the vendor's, or what is wrong and what to do, in plain words.
import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { ChannelKindName, Id, TestedChannel } from "@/api/types.ts";
import styles from "./channels.module.css";

interface Props {
  kind: ChannelKindName;
  settings: Record<string, unknown>;
  /** Of a channel that exists: its stored secrets are used when none is typed. */
  id?: Id;
  onRefused: (error: unknown) => void;
}

export function ConnectionTest({ kind, settings, id, onRefused }: Props) {
  const { t } = useTranslation();
  const body = { kind, settings, channel_id: id };
  const test = useMutation({
    mutationFn: (tried: typeof body) => post<TestedChannel>("/channels/test", tried),
    onError: onRefused,
  });
  // What was checked is no longer what is in the form.
  const stale = test.variables !== undefined && JSON.stringify(test.variables) !== JSON.stringify(body);
  return (
    <div className={styles.checks}>
      <div>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={18} stroke={1.5} />}
          loading={test.isPending}
          onClick={() => test.mutate(body)}
          data-testid="channel-test"
        >
          {t("channels:test.run")}
        </Button>
      </div>
      <div aria-live="polite">
        {test.data && !test.isPending && (
          <section className={styles.check} data-ok={test.data.ok} data-testid="channel-test-result">
            {test.data.ok ? (
              <IconCircleCheck size={20} stroke={1.5} className={styles.good} />
            ) : (
              <IconCircleX size={20} stroke={1.5} className={styles.bad} />
            )}
            <div className={styles.checkWords}>
              <p className={styles.strong}>
                {test.data.ok
                  ? test.data.account_name
                    ? t("channels:test.okAs", { name: test.data.account_name })
                    : t("channels:test.ok")
                  : t("channels:test.failed")}
              </p>
              {test.data.error && <p>{test.data.error}</p>}
              {stale && <p className={styles.note}>{t("channels:test.stale")}</p>}
              {test.data.technical && (
                <details className={styles.technical}>
                  <summary>{t("channels:test.technical")}</summary>
                  <pre className={styles.code}>{test.data.technical}</pre>
                </details>
              )}
            </div>
          </section>
        )}
      </div>
    </div>
  );
}
