// Says that the service of a ticket is down now.
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import { openOutagesQuery } from "@/api/terms.ts";
import type { Id, Outage } from "@/api/types.ts";
import styles from "./terms.module.css";
import { Moment } from "./time.tsx";
import { useLiveEvents } from "./use-live.ts";

/** What is down now, kept as it is on the server. */
export function useOpenOutages(): Outage[] {
  const can = useCan();
  const client = useQueryClient();
  const { data } = useQuery({ ...openOutagesQuery, enabled: can("tickets.view") });
  const refresh = () => client.invalidateQueries({ queryKey: ["outages"] });
  useLiveEvents(["outage_changed"], refresh, refresh);
  return data?.items ?? [];
}

/** The outage of a service, or of the catalogue it stands in. */
export function outageOf(
  outages: readonly Outage[],
  service: { id: Id; catalogue: string } | null | undefined,
): Outage | undefined {
  if (!service) return undefined;
  return outages.find((one) =>
    one.service ? one.service.id === service.id : one.catalogue?.name === service.catalogue,
  );
}

export function OutageNote({ service }: { service: { id: Id; catalogue: string } | null | undefined }) {
  const { t } = useTranslation();
  const outage = outageOf(useOpenOutages(), service);
  if (!outage) return null;
  return (
    <div className={styles.note} data-tone="down" role="status" data-testid="outage-note">
      <IconPlugConnectedX size={18} stroke={1.5} aria-hidden="true" />
      <div className={styles.lines}>
        <span>
          {t(outage.extent === "full" ? "terms:outage.isDown" : "terms:outage.isPartlyDown", {
            name: outage.service?.name ?? outage.catalogue?.name,
          })}{" "}
          <Moment at={outage.started_at} long />
          {outage.kind === "planned" && ` · ${t("terms:outage.planned").toLowerCase()}`}
        </span>
        {outage.note && <span>{outage.note}</span>}
        {outage.pauses_sla && <span>{t("terms:outage.paused")}</span>}
      </div>
    </div>
  );
}
