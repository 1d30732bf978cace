// An outage, new or known: of what, from when, until when, and whether the clocks of its tickets stand still.
import { Modal, SegmentedControl, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch, post } from "@/api/http.ts";
import type { Outage, ServiceCatalogue } from "@/api/types.ts";
import { fromWallClock, wallClock } from "@/lib/wall-clock.ts";
import { outageExtents, outageKinds } from "@/routes/search.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { DialogFooter } from "@/ui/dialog-footer.tsx";
import { useTime } from "@/ui/time.tsx";
import { useForm } from "@/ui/use-form.ts";
import { servicesAndCatalogues } from "./outages-filter.tsx";
import styles from "./sla.module.css";

interface Props {
  outage: Outage | null;
  folders: readonly ServiceCatalogue[];
  /** What a new one is of, unless something else is chosen: "service:…" or "catalogue:…". */
  of?: string;
  onClose: () => void;
}

export function OutageDialog(props: Props) {
  const { t } = useTranslation();
  const { outage } = props;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={outage ? (outage.service?.name ?? outage.catalogue?.name) : t("terms:outage.create")}
      size={520}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <OutageForm {...props} />
    </Modal>
  );
}

function OutageForm({ outage, folders, of, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { now, timeZone } = useTime();
  const shown = (at: string | null | undefined) => (at ? wallClock(new Date(at), timeZone) : "");
  const form = useForm({
    service_id: outage ? "" : (of ?? ""),
    started_at: outage ? shown(outage.started_at) : wallClock(now, timeZone),
    restored_at: shown(outage?.restored_at),
    kind: outage?.kind ?? ("unplanned" as const),
    extent: outage?.extent ?? ("full" as const),
    pauses_sla: outage?.pauses_sla ?? false,
    note: outage?.note ?? "",
  });
  const { values, changed } = form;
  const refresh = () => client.invalidateQueries({ queryKey: ["outages"] });
  const moment = (text: string) => fromWallClock(text, timeZone)?.toISOString() ?? null;
  const save = useMutation({
    mutationFn: () => {
      const { kind, extent, pauses_sla } = values;
      const said = { kind, extent, pauses_sla, note: values.note.trim() };
      if (outage) {
        // What was not touched keeps its seconds.
        return patch<Outage>(`/outages/${outage.id}`, {
          ...said,
          started_at: changed.started_at === undefined ? undefined : moment(values.started_at),
          restored_at: changed.restored_at === undefined ? undefined : moment(values.restored_at),
        });
      }
      const [what, id] = values.service_id.split(":");
      return post<Outage>("/outages", {
        ...said,
        service_id: what === "service" ? id : null,
        catalogue_id: what === "catalogue" ? id : null,
        started_at: changed.started_at === undefined ? null : moment(values.started_at),
        restored_at: moment(values.restored_at),
      });
    },
    onSuccess: async () => {
      await refresh();
      onClose();
    },
    onError: form.fail,
  });
  const required = t("terms:outage.required");
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const fine = form.complain({
          service_id: !outage && values.service_id === "" ? required : undefined,
          started_at: moment(values.started_at) ? undefined : required,
        });
        if (fine) save.mutate();
      }}
    >
      <Stack gap="md">
        {!outage && (
          <Select
            label={t("terms:outage.of")}
            data={servicesAndCatalogues(folders, t)}
            searchable
            allowDeselect={false}
            {...form.choice("service_id")}
            value={values.service_id || null}
            nothingFoundMessage={t("common:nothingFound")}
            data-autofocus
            data-testid="outage-of"
          />
        )}
        <div className={styles.two}>
          <TextInput
            type="datetime-local"
            label={t("terms:outage.started")}
            {...form.text("started_at")}
            data-testid="outage-started"
          />
          <TextInput
            type="datetime-local"
            label={t("terms:outage.restored")}
            description={t("terms:outage.restoredHelp")}
            {...form.text("restored_at")}
            data-testid="outage-restored"
          />
        </div>
        <SegmentedControl
          aria-label={t("terms:outage.kind")}
          data={outageKinds.map((value) => ({ value, label: t(`terms:outage.${value}`) }))}
          value={values.kind}
          onChange={(next) => form.set({ kind: outageKinds.find((each) => each === next) })}
        />
        <SegmentedControl
          aria-label={t("terms:outage.extent")}
          data={outageExtents.map((value) => ({ value, label: t(`terms:outage.${value}`) }))}
          value={values.extent}
          onChange={(next) => form.set({ extent: outageExtents.find((each) => each === next) })}
        />
        <Switch
          label={t("terms:outage.pauses")}
          description={t("terms:outage.pausesHelp")}
          {...form.flag("pauses_sla")}
          data-testid="outage-pauses"
        />
        <Textarea
          label={t("terms:outage.note")}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={2000}
          {...form.text("note")}
          data-testid="outage-note-field"
        />
        {form.message && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <DialogFooter
          save={t(outage ? "common:save" : "terms:outage.register")}
          saving={save.isPending}
          onClose={onClose}
          testId="outage-save"
        >
          {outage && (
            <DeleteRecord
              path={`/outages/${outage.id}`}
              label={t("terms:delete")}
              title={t("terms:outage.deleteTitle")}
              text={t("terms:outage.deleteText")}
              done={t("terms:outage.deleted")}
              testId="outage-delete"
              onDeleted={async () => {
                await refresh();
                onClose();
              }}
            />
          )}
        </DialogFooter>
      </Stack>
    </form>
  );
}
