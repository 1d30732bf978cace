// A category of clients, new or known.
import { Modal, MultiSelect, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch, post } from "@/api/http.ts";
import { operatorsQuery } from "@/api/people.ts";
import { clientCategoriesQuery } from "@/api/terms.ts";
import type { ClientCategory, Priority, SlaPolicy, TariffPlan, TicketType } from "@/api/types.ts";
import { DeleteRecord } from "@/ui/delete-record.tsx";
import { DialogFooter } from "@/ui/dialog-footer.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./admin.module.css";
import { servicesQuery } from "./queries.ts";

interface Props {
  category: ClientCategory | null;
  policies: readonly SlaPolicy[];
  plans: readonly TariffPlan[];
  onClose: () => void;
}

export function ClientCategoryDialog(props: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.category?.name ?? t("terms:category.create")}
      size={560}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <CategoryForm {...props} />
    </Modal>
  );
}

const priorities: Priority[] = ["none", "low", "medium", "high"];
const types: TicketType[] = ["question", "incident", "claim", "suggestion"];
const marks = ["1", "2", "3", "4", "5"];

const valuesOf = (category: ClientCategory | null) => ({
  name: category?.name ?? "",
  tier: category?.tier ?? 1,
  owner_id: category?.owner?.id ?? "",
  weight: category?.weight ?? 0,
  policy_id: category?.policy_id ?? "",
  tariff_plan_id: category?.tariff_plan_id ?? "",
  allowed_priorities: category?.allowed.priorities ?? [],
  allowed_types: category?.allowed.types ?? [],
  allowed_services: category?.allowed.services ?? [],
  allowed_marks: (category?.allowed.marks ?? []).map(String),
});

function CategoryForm({ category, policies, plans, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const operators = useQuery(operatorsQuery);
  const services = useQuery(servicesQuery);
  const form = useForm(valuesOf(category));
  const { values } = form;
  const refresh = () => client.invalidateQueries({ queryKey: clientCategoriesQuery.queryKey });
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: values.name.trim(),
        tier: values.tier,
        owner_id: values.owner_id || null,
        weight: values.weight,
        policy_id: values.policy_id || null,
        tariff_plan_id: values.tariff_plan_id || null,
        allowed: {
          priorities: values.allowed_priorities,
          types: values.allowed_types,
          services: values.allowed_services,
          marks: values.allowed_marks.map(Number),
        },
      };
      return category
        ? patch<ClientCategory>(`/client-categories/${category.id}`, body)
        : post<ClientCategory>("/client-categories", body);
    },
    onSuccess: async () => {
      await refresh();
      onClose();
    },
    onError: form.fail,
  });
  const people = new Map((operators.data ?? []).map(({ id, name }) => [id, name]));
  // Whoever answers clients no more still answers for these.
  if (category?.owner) people.set(category.owner.id, category.owner.name);
  const many = {
    clearable: true,
    hidePickedOptions: true,
    comboboxProps: { withinPortal: true },
    clearButtonProps: { "aria-label": t("terms:clear") },
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.complain({ name: values.name.trim() === "" ? t("admin:required") : undefined }))
          save.mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t("terms:category.name")}
          description={t("terms:category.nameHelp")}
          maxLength={60}
          data-autofocus
          {...form.text("name")}
          data-testid="category-name"
        />
        <div className={styles.two}>
          <Select
            label={t("terms:category.owner")}
            description={t("terms:category.ownerHelp")}
            data={[
              { value: "", label: t("terms:category.noOwner") },
              ...[...people].map(([value, label]) => ({ value, label })),
            ]}
            searchable
            allowDeselect={false}
            {...form.choice("owner_id")}
            data-testid="category-owner"
          />
          <NumberInput
            label={t("terms:category.tier")}
            description={t("terms:category.tierHelp")}
            min={1}
            max={9}
            allowDecimal={false}
            value={values.tier}
            onChange={(next) => form.set({ tier: Number(next) || 1 })}
            error={form.errors.tier}
          />
        </div>
        <div className={styles.two}>
          <Select
            label={t("terms:category.policy")}
            description={t("terms:category.policyHelp")}
            data={[
              { value: "", label: t("terms:category.asLine") },
              ...policies.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            allowDeselect={false}
            {...form.choice("policy_id")}
            data-testid="category-policy"
          />
          <Select
            label={t("terms:category.plan")}
            description={t("terms:category.planHelp")}
            data={[
              { value: "", label: t("terms:category.noPlan") },
              ...plans.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            allowDeselect={false}
            {...form.choice("tariff_plan_id")}
            data-testid="category-plan"
          />
        </div>
        <NumberInput
          label={t("terms:category.weight")}
          description={t("terms:category.weightHelp")}
          min={0}
          max={100}
          allowDecimal={false}
          value={values.weight}
          onChange={(next) => form.set({ weight: Number(next) || 0 })}
          error={form.errors.weight}
        />
        <fieldset className={styles.part}>
          <legend>{t("terms:category.allowed")}</legend>
          <p className={styles.note}>{t("terms:category.allowedHelp")}</p>
          <Stack gap="sm" mt="xs">
            <MultiSelect
              {...many}
              label={t("terms:category.priorities")}
              placeholder={values.allowed_priorities.length === 0 ? t("terms:category.any") : undefined}
              data={priorities.map((value) => ({ value, label: t(`desk:priority.${value}`) }))}
              value={values.allowed_priorities}
              onChange={(next) => form.set({ allowed_priorities: next as Priority[] })}
              error={form.errors.allowed_priorities}
              data-testid="category-priorities"
            />
            <MultiSelect
              {...many}
              label={t("terms:category.types")}
              placeholder={values.allowed_types.length === 0 ? t("terms:category.any") : undefined}
              data={types.map((value) => ({ value, label: t(`desk:ticket.types.${value}`) }))}
              value={values.allowed_types}
              onChange={(next) => form.set({ allowed_types: next as TicketType[] })}
              error={form.errors.allowed_types}
            />
            <MultiSelect
              {...many}
              searchable
              label={t("terms:category.services")}
              placeholder={values.allowed_services.length === 0 ? t("terms:category.any") : undefined}
              data={(services.data?.items ?? []).map((folder) => ({
                group: folder.name,
                items: folder.services.map(({ id, name }) => ({ value: id, label: name })),
              }))}
              value={values.allowed_services}
              onChange={(next) => form.set({ allowed_services: next })}
              error={form.errors.allowed_services}
              nothingFoundMessage={t("common:nothingFound")}
            />
            <MultiSelect
              {...many}
              label={t("terms:category.marks")}
              placeholder={values.allowed_marks.length === 0 ? t("terms:category.any") : undefined}
              data={marks}
              value={values.allowed_marks}
              onChange={(next) => form.set({ allowed_marks: next })}
              error={form.errors.allowed_marks}
            />
          </Stack>
        </fieldset>
        {form.message && (
          <p className={styles.error} role="alert">
            {form.message}
          </p>
        )}
        <DialogFooter saving={save.isPending} onClose={onClose} testId="category-save">
          {category && (
            <DeleteRecord
              path={`/client-categories/${category.id}`}
              label={t("terms:delete")}
              title={t("terms:category.deleteTitle", { name: category.name })}
              text={t("terms:category.deleteText")}
              done={t("terms:category.deleted", { name: category.name })}
              testId="category-delete"
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
