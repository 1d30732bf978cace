// Whoever is chosen: what can be done, a place to write, and everything known of him.
import { Button, Skeleton } from "@mantine/core";
import { IconArrowLeft, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import type { Client, ClientInfo, Contact, Id, Person } from "@/api/types.ts";
import { localClock } from "@/lib/time.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { Delayed, ErrorState } from "@/ui/states.tsx";
import { TermsBlock, TermsEdit } from "@/ui/terms-block.tsx";
import { useTime } from "@/ui/time.tsx";
import { birthdayText } from "./birthday.ts";
import { Block, Facts, FileList, GroupList, TicketList } from "./client-blocks.tsx";
import styles from "./clients.module.css";
import { Parameters } from "./parameters.tsx";
import { cardQuery, clientQuery } from "./queries.ts";
import type { Action } from "./use-actions.tsx";
import { WriteBox } from "./write-box.tsx";

const DetailsDialog = lazy(() => import("./details-dialog.tsx"));

interface Props {
  line: Id;
  id: Id;
  actions: (client: Client) => Action[];
  onBack?: () => void;
}

export function ClientPanel({ line, id, actions, onBack }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const info = useQuery(clientQuery(line, id));
  const card = useQuery(cardQuery(id));
  const client = info.data;
  return (
    <main className={styles.main} data-testid="client-panel">
      <div className={styles.mainScroll}>
        <div className={styles.card}>
          {info.error && !client ? (
            <ErrorState error={info.error} retry={() => void info.refetch()} />
          ) : client ? (
            <>
              <header className={styles.who}>
                {onBack && (
                  <IconButton label={t("clients:back")} size={44} onClick={onBack}>
                    <IconArrowLeft size={20} stroke={1.5} />
                  </IconButton>
                )}
                <Avatar name={client.name} color={client.avatar_color} size={48} />
                <div className={styles.whoText}>
                  <h2 className={styles.whoName}>{client.name}</h2>
                  <p className={styles.muted}>
                    {[client.position, client.company?.name, client.online && t("clients:row.online")]
                      .filter(Boolean)
                      .join(" · ")}
                  </p>
                </div>
              </header>
              <div className={styles.toolbar} role="toolbar" aria-label={t("clients:toolbar")}>
                {actions(client).map((action) => (
                  <Button
                    key={action.key}
                    size="xs"
                    variant="default"
                    leftSection={action.icon}
                    disabled={action.disabled}
                    onClick={action.run}
                    data-testid={`tool-${action.key}`}
                  >
                    {action.label}
                  </Button>
                ))}
              </div>
              {can("conversations.create") && <WriteBox line={line} client={client} />}
              <Blocks client={client} card={card.data} />
            </>
          ) : (
            <Delayed>
              <Skeleton circle height={48} />
              <Skeleton height={14} width="50%" mt={16} />
              <Skeleton height={120} mt={16} />
            </Delayed>
          )}
        </div>
      </div>
    </main>
  );
}

/** The responsible colleague, once cards have one. */
function managerOf(card: Contact | undefined): Person | null {
  const known = card as (Contact & { manager?: Person | null }) | undefined;
  const company = known?.company as { manager?: Person | null } | null | undefined;
  return known?.manager ?? company?.manager ?? null;
}

function Blocks({ client, card }: { client: ClientInfo; card: Contact | undefined }) {
  const { t } = useTranslation();
  const can = useCan();
  const time = useTime();
  const [editing, setEditing] = useState(false);
  const of = (kind: string) => card?.identities.filter((identity) => identity.kind === kind) ?? [];
  const theirs = card?.time_zone ? localClock(card.time_zone, time) : null;
  const links = (kind: "email" | "phone") =>
    of(kind).map((identity) => (
      <div key={identity.id}>
        <a href={`${kind === "email" ? "mailto" : "tel"}:${identity.value}`}>{identity.value}</a>
      </div>
    ));
  return (
    <div className={styles.blocks}>
      <Block
        title={t("clients:block.person")}
        action={
          can("contacts.edit") && (
            <IconButton
              label={t("clients:details.edit")}
              size={24}
              onClick={() => setEditing(true)}
              data-testid="details-edit"
            >
              <IconPencil size={16} stroke={1.5} />
            </IconButton>
          )
        }
      >
        <Facts
          facts={[
            [t("clients:fact.position"), client.position],
            [t("clients:fact.department"), client.details.department],
            [t("clients:fact.email"), links("email")],
            [t("clients:fact.phone"), links("phone")],
            [t("clients:fact.birthday"), birthdayText(client.details.birthday, time.locale)],
            [t("clients:fact.login"), client.details.login],
            [t("clients:fact.region"), client.details.region],
            [t("clients:fact.clock"), theirs?.clock],
          ]}
        />
      </Block>
      <Block title={t("clients:block.company")}>
        <Facts
          facts={[
            [t("clients:fact.company"), client.company?.name],
            [t("clients:fact.inn"), card?.company?.inn],
            [t("clients:fact.manager"), managerOf(card)?.name],
          ]}
        />
      </Block>
      {card && (
        <Block title={t("terms:title")} action={<TermsEdit card={card} />}>
          <TermsBlock card={card} />
        </Block>
      )}
      {client.company && client.parameters.length > 0 && (
        <Parameters company={client.company.id} parameters={client.parameters} />
      )}
      <Block title={t("clients:block.tickets")}>
        <TicketList tickets={client.tickets} />
      </Block>
      <Block title={t("clients:block.groups")}>
        <GroupList groups={client.groups} />
      </Block>
      <Block title={t("clients:block.files")}>
        <FileList files={client.files} />
      </Block>
      {editing && (
        <Suspense>
          <DetailsDialog id={client.id} details={client.details} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </div>
  );
}
