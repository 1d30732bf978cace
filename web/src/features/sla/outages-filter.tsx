// What the list of outages is narrowed to; all of it lives in the address.
import { Select, Switch, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ServiceCatalogue } from "@/api/types.ts";
import { type OutagesSearch, outageExtents, outageKinds } from "@/routes/search.ts";
import styles from "./report.module.css";

export function OutagesFilter({
  search,
  folders,
}: {
  search: OutagesSearch;
  folders: readonly ServiceCatalogue[];
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const put = (change: OutagesSearch) =>
    void navigate({ to: "/admin/outages", search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <search className={styles.filter} aria-label={t("terms:outage.filter")}>
      <Select
        aria-label={t("terms:outage.of")}
        data={[{ value: "", label: t("terms:outage.anyService") }, ...servicesAndCatalogues(folders, t)]}
        value={search.about ?? ""}
        searchable
        allowDeselect={false}
        onChange={(next) => put({ about: next || undefined })}
        className={styles.line}
        nothingFoundMessage={t("common:nothingFound")}
        data-testid="outages-of"
      />
      <Select
        aria-label={t("terms:outage.kind")}
        data={[
          { value: "", label: t("terms:outage.anyKind") },
          ...outageKinds.map((value) => ({ value, label: t(`terms:outage.${value}`) })),
        ]}
        value={search.nature ?? ""}
        allowDeselect={false}
        onChange={(next) => put({ nature: outageKinds.find((each) => each === next) })}
        className={styles.line}
        data-testid="outages-kind"
      />
      <Select
        aria-label={t("terms:outage.extent")}
        data={[
          { value: "", label: t("terms:outage.anyExtent") },
          ...outageExtents.map((value) => ({ value, label: t(`terms:outage.${value}`) })),
        ]}
        value={search.extent ?? ""}
        allowDeselect={false}
        onChange={(next) => put({ extent: outageExtents.find((each) => each === next) })}
        className={styles.line}
      />
      {(["since", "until"] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          aria-label={t(end === "since" ? "sla:report.from" : "sla:report.to")}
          value={search[end] ?? ""}
          onChange={(event) => put({ [end]: event.currentTarget.value || undefined })}
        />
      ))}
      <Switch
        label={t("terms:outage.onlyOpen")}
        checked={search.open ?? false}
        onChange={(event) => put({ open: event.currentTarget.checked || undefined })}
        style={{ alignSelf: "center" }}
        data-testid="outages-open"
      />
    </search>
  );
}

/** A catalogue as a whole, then each of its services. */
export function servicesAndCatalogues(
  folders: readonly ServiceCatalogue[],
  t: ReturnType<typeof useTranslation>["t"],
) {
  return folders.map((folder) => ({
    group: folder.name,
    items: [
      { value: `catalogue:${folder.id}`, label: t("terms:outage.wholeOf", { name: folder.name }) },
      ...folder.services.map(({ id, name }) => ({ value: `service:${id}`, label: name })),
    ],
  }));
}
