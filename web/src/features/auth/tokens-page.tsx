// Keys for programs that act in the person's name.
import { Badge, Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/http.ts";
import type { Token } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ConfirmDialog } from "@/ui/confirm.tsx";
import { notifyDone, notifyError } from "@/ui/notify.ts";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { Moment, useNow } from "@/ui/time.tsx";
import { tokensQuery } from "./queries.ts";
import styles from "./settings.module.css";
import { TokenDialog } from "./token-dialog.tsx";

export function TokensPage() {
  return (
    <Allowed need="tokens.own">
      <Tokens />
    </Allowed>
  );
}

function Tokens() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const revoke = useMutation({
    mutationFn: (token: Token) => remove(`/tokens/${token.id}`),
    onSuccess: () => notifyDone(t("auth:tokens.revoked")),
    onError: (error) => notifyError(error),
    onSettled: () => {
      setRevoking(null);
      return client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  const create = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.5} />}
      onClick={() => setCreating(true)}
      data-testid="token-create"
    >
      {t("auth:tokens.create")}
    </Button>
  );

  return (
    <PageFrame
      title={t("auth:tokens.title")}
      text={t("auth:tokens.text")}
      actions={tokens.data && tokens.data.items.length > 0 && create}
    >
      {tokens.isPending && <RowSkeletons count={2} />}
      {tokens.isError && <ErrorState error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.data?.items.length === 0 && (
        <EmptyState
          icon={<IconKey size={28} stroke={1.5} />}
          title={t("auth:tokens.emptyTitle")}
          text={t("auth:tokens.emptyText")}
          action={create}
        />
      )}
      {tokens.data && tokens.data.items.length > 0 && (
        <div className={styles.list}>
          {tokens.data.items.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
          ))}
        </div>
      )}
      <TokenDialog opened={creating} onClose={() => setCreating(false)} />
      <ConfirmDialog
        opened={revoking !== null}
        title={t("auth:tokens.revokeTitle", { name: revoking?.name })}
        text={t("auth:tokens.revokeText")}
        confirm={t("auth:tokens.revoke")}
        loading={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
        onClose={() => setRevoking(null)}
      />
    </PageFrame>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const { t } = useTranslation();
  const now = useNow();
  const expired = token.expires_at !== null && new Date(token.expires_at) <= now;
  return (
    <div className={styles.row} data-testid="token-row">
      <div className={styles.rowText}>
        <p className={styles.rowTitle}>
          {token.name}
          {expired && (
            <Badge color="red" variant="light" tt="none" fw={500}>
              {t("auth:tokens.expired")}
            </Badge>
          )}
        </p>
        <p className={styles.note}>
          <code>{token.prefix}…</code> · {t("auth:tokens.rights", { count: token.scopes.length })} ·{" "}
          {token.expires_at ? (
            <>
              {t("auth:tokens.until")} <Moment at={token.expires_at} long />
            </>
          ) : (
            t("auth:tokens.forever")
          )}
          {" · "}
          {token.last_used_at ? (
            <>
              {t("auth:tokens.used")} <Moment at={token.last_used_at} long />
            </>
          ) : (
            t("auth:tokens.neverUsed")
          )}
        </p>
      </div>
      <Button variant="default" onClick={onRevoke} data-testid="token-revoke">
        {t("auth:tokens.revoke")}
      </Button>
    </div>
  );
}
