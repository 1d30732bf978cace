// The category of a client and of the company, and the company's plan.
import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch } from "@/api/http.ts";
import { contactTariffQuery, tariffPlansQuery } from "@/api/terms.ts";
import type { Contact } from "@/api/types.ts";
import { CategoryField } from "./category-field.tsx";
import { useForm } from "./use-form.ts";

interface Props {
  card: Pick<Contact, "id" | "name" | "category" | "company">;
  onClose: () => void;
}

export default function TermsDialog({ card, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const plans = useQuery(tariffPlansQuery);
  const tariff = useQuery(contactTariffQuery(card.id));
  const plan = tariff.data?.plan;
  const form = useForm({
    category: card.category,
    company_category: card.company?.category ?? "",
    tariff_plan_id: plan?.from === "company" ? plan.id : "",
  });
  const { values, changed } = form;
  const save = useMutation({
    mutationFn: async () => {
      if (changed.category !== undefined) await patch(`/contacts/${card.id}`, { category: changed.category });
      if (card.company && (changed.company_category !== undefined || changed.tariff_plan_id !== undefined)) {
        await patch(`/companies/${card.company.id}`, {
          category: changed.company_category,
          tariff_plan_id: changed.tariff_plan_id === undefined ? undefined : changed.tariff_plan_id || null,
        });
      }
    },
    onSuccess: async () => {
      const stale = ["contact", "client", "clients", "tariff", "client-categories"];
      await Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
    onError: form.fail,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("terms:edit")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="md">
          <CategoryField
            label={t("terms:categoryOf", { name: card.name })}
            value={values.category}
            onChange={(category) => form.set({ category })}
            error={form.errors.category}
            testId="client-category"
          />
          {card.company && (
            <>
              <CategoryField
                label={t("terms:categoryOf", { name: card.company.name })}
                description={t("terms:companyCategoryHelp")}
                value={values.company_category}
                onChange={(company_category) => form.set({ company_category })}
                error={form.errors.company_category}
                testId="company-category"
              />
              <Select
                label={t("terms:planOf", { name: card.company.name })}
                data={[
                  { value: "", label: t("terms:tariff.byCategory") },
                  ...(plans.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
                ]}
                allowDeselect={false}
                {...form.choice("tariff_plan_id")}
                data-testid="company-plan"
              />
            </>
          )}
          {form.message && <p role="alert">{form.message}</p>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("common:cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!form.dirty} data-testid="terms-save">
              {t("common:save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
