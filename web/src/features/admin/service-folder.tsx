// A catalogue and its services: each is named where it stands, has a policy, and a menu for the rest.
import { Badge, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id, Service, ServiceCatalogue, ServicesSla, SlaPolicy } from "@/api/types.ts";
import { OutageMark } from "@/ui/outage-mark.tsx";
import { outageOf, useOpenOutages } from "@/ui/outage-note.tsx";
import { AddForm } from "./service-add-form.tsx";
import { ServiceDialog } from "./service-dialog.tsx";
import { type OfProps, ServiceMenu } from "./service-menu.tsx";
import styles from "./services.module.css";
import type { Commands } from "./use-services.ts";

interface Props {
  folder: ServiceCatalogue;
  folders: readonly ServiceCatalogue[];
  /** Also what is put away. */
  archived: boolean;
  sla: ServicesSla;
  policies: readonly SlaPolicy[];
  commands: Commands;
}

export function ServiceFolder({ folder, folders, archived, sla, policies, commands }: Props) {
  const { t } = useTranslation();
  const shown = folder.services.filter((service) => archived || !service.archived);
  const held = sla.catalogues.find((each) => each.catalogue_id === folder.id)?.policy_id ?? null;
  const own = policies.find((policy) => policy.id === held);
  const [asked, setAsked] = useState<Service | null>(null);
  const outages = useOpenOutages();
  return (
    <section className={styles.folder} data-testid="service-catalogue" aria-label={folder.name}>
      <div className={styles.row} data-head>
        <NameField kind="service-catalogues" of={folder} commands={commands} />
        <PolicySelect
          label={t("admin:services.cataloguePolicy", { name: folder.name })}
          none={t("admin:services.noPolicy")}
          value={held}
          policies={policies}
          onChange={(policy) => commands.hold("service-catalogues", folder.id, policy)}
        />
        <ServiceMenu
          kind="service-catalogues"
          of={folder}
          ids={folders.map(({ id }) => id)}
          commands={commands}
          folders={[]}
        />
      </div>
      <ul className={styles.services}>
        {shown.map((service) => (
          <li key={service.id} className={styles.row} data-testid="service-row">
            <div className={styles.names}>
              <NameField kind="services" of={service} commands={commands} />
              <DescriptionField service={service} commands={commands} />
              <OutageMark outage={outageOf(outages, { id: service.id, catalogue: folder.name })} />
              {sla.without_policy.includes(service.id) && (
                <p className={styles.missing} data-testid="service-without-policy">
                  {t("admin:services.onlyLine")}
                </p>
              )}
            </div>
            <PolicySelect
              label={t("admin:services.policy", { name: service.name })}
              none={own ? t("admin:services.asCatalogue", { name: own.name }) : t("admin:services.noPolicy")}
              value={sla.services.find((each) => each.service_id === service.id)?.policy_id ?? null}
              policies={policies}
              onChange={(policy) => commands.hold("services", service.id, policy)}
            />
            <ServiceMenu
              kind="services"
              of={service}
              ids={folder.services.map(({ id }) => id)}
              commands={commands}
              folders={folders.filter((each) => each.id !== folder.id && !each.archived)}
              onSettings={() => setAsked(service)}
            />
          </li>
        ))}
      </ul>
      {asked && <ServiceDialog service={asked} onClose={() => setAsked(null)} />}
      {!folder.archived && (
        <AddForm
          label={t("admin:services.newService")}
          placeholder={t("admin:services.serviceExample")}
          onAdd={(name) => commands.addService(folder.id, name)}
          testId="service"
        />
      )}
    </section>
  );
}

function NameField({ kind, of, commands }: OfProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      key={of.name}
      aria-label={t(kind === "services" ? "admin:services.serviceName" : "admin:services.catalogueName")}
      defaultValue={of.name}
      variant="unstyled"
      maxLength={200}
      classNames={{ input: styles.name }}
      onBlur={(event) => {
        const name = event.currentTarget.value.trim();
        if (name === "") event.currentTarget.value = of.name;
        else if (name !== of.name) commands.change(kind, of.id, { name });
      }}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      rightSection={
        of.archived ? (
          <Badge color="gray" variant="light" tt="none" fw={500}>
            {t("admin:lines.archived")}
          </Badge>
        ) : null
      }
      rightSectionWidth={of.archived ? 96 : undefined}
    />
  );
}

function DescriptionField({ service, commands }: { service: Service; commands: Commands }) {
  const { t } = useTranslation();
  return (
    <TextInput
      key={service.description}
      aria-label={t("admin:services.descriptionOf", { name: service.name })}
      placeholder={t("admin:services.description")}
      defaultValue={service.description}
      variant="unstyled"
      maxLength={2000}
      classNames={{ input: styles.description }}
      onBlur={(event) => {
        const description = event.currentTarget.value.trim();
        if (description !== service.description) commands.change("services", service.id, { description });
      }}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}

interface PolicyProps {
  label: string;
  none: string;
  value: Id | null;
  policies: readonly SlaPolicy[];
  onChange: (policy: Id | null) => void;
}

function PolicySelect({ label, none, value, policies, onChange }: PolicyProps) {
  return (
    <Select
      aria-label={label}
      data={[{ value: "", label: none }, ...policies.map(({ id, name }) => ({ value: id, label: name }))]}
      value={value ?? ""}
      allowDeselect={false}
      onChange={(next) => (next || null) !== value && onChange(next || null)}
      className={styles.policy}
      data-testid="service-policy"
    />
  );
}
