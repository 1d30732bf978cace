// What the desk does for clients: catalogues of services, in their order, and which policy holds for each.
import { Switch } from "@mantine/core";
import { IconAlertTriangle, IconListDetails } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Allowed } from "@/ui/allowed.tsx";
import { PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { policiesQuery, servicesQuery, servicesSlaQuery } from "./queries.ts";
import { AddForm } from "./service-add-form.tsx";
import { ServiceFolder } from "./service-folder.tsx";
import styles from "./services.module.css";
import { useServiceCommands } from "./use-services.ts";

export function ServicesPage() {
  return (
    <Allowed need="lines.manage">
      <Services />
    </Allowed>
  );
}

function Services() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [archived, setArchived] = useState(false);
  const services = useQuery(servicesQuery);
  const sla = useQuery(servicesSlaQuery);
  const policies = useQuery(policiesQuery);
  const refresh = () => {
    for (const { queryKey } of [servicesQuery, servicesSlaQuery]) void client.invalidateQueries({ queryKey });
  };
  useLiveEvents(["service_changed"], refresh, refresh);
  const commands = useServiceCommands();
  const all = services.data?.items;
  const shown = (all ?? []).filter((folder) => archived || !folder.archived);
  const some = (all ?? []).some(
    (folder) => folder.archived || folder.services.some((service) => service.archived),
  );
  const without = sla.data?.without_policy.length ?? 0;
  const error = services.error ?? sla.error ?? policies.error;
  const retry = () => {
    for (const query of [services, sla, policies]) void query.refetch();
  };
  return (
    <PageFrame wide title={t("admin:section.services")} text={t("admin:services.text")}>
      {!all || !sla.data || !policies.data ? (
        error ? (
          <ErrorState error={error} retry={retry} />
        ) : (
          <RowSkeletons count={4} />
        )
      ) : (
        <>
          {without > 0 && (
            <p className={styles.warning} role="status" data-testid="services-without-policy">
              <IconAlertTriangle size={18} stroke={1.5} aria-hidden="true" />
              {t("admin:services.without", { count: without })}
            </p>
          )}
          {all.length === 0 && (
            <EmptyState
              icon={<IconListDetails size={28} stroke={1.5} />}
              title={t("admin:services.emptyTitle")}
              text={t("admin:services.emptyText")}
            />
          )}
          <div className={styles.folders}>
            {shown.map((folder) => (
              <ServiceFolder
                key={folder.id}
                folder={folder}
                folders={all}
                archived={archived}
                sla={sla.data}
                policies={policies.data.items}
                commands={commands}
              />
            ))}
          </div>
          <AddForm
            label={t("admin:services.newCatalogue")}
            placeholder={t("admin:services.catalogueExample")}
            onAdd={commands.addCatalogue}
            testId="catalogue"
          />
          {some && (
            <Switch
              mt="md"
              label={t("admin:services.showArchived")}
              checked={archived}
              onChange={(event) => setArchived(event.currentTarget.checked)}
              data-testid="services-archived"
            />
          )}
        </>
      )}
    </PageFrame>
  );
}
