// A new form: what it is about, where its messages go. The rest is built on the next page.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconBriefcase, IconLifebuoy, IconMessageCircle, IconReceiptRefund } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/http.ts";
import type { Line, NewWebForm, WebForm } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { LeaveGuard } from "@/ui/leave-guard.tsx";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./forms.module.css";
import { openLinesQuery } from "./queries.ts";
import { type StartingPoint, startingDefinition, startingPoints } from "./starting-points.ts";

export function FormNewPage() {
  return (
    <Allowed need="channels.manage">
      <Prepared />
    </Allowed>
  );
}

function Prepared() {
  const { t } = useTranslation();
  const lines = useQuery(openLinesQuery);
  return (
    <PageFrame
      title={t("forms:new.title")}
      text={t("forms:new.text")}
      back={<Link to="/admin/forms">{t("forms:list.title")}</Link>}
    >
      {lines.error ? (
        <ErrorState error={lines.error} retry={() => void lines.refetch()} />
      ) : !lines.data ? (
        <RowSkeletons count={2} height={120} />
      ) : lines.data.items.length === 0 ? (
        <EmptyState
          icon={<IconBriefcase size={28} stroke={1.5} />}
          title={t("forms:new.noLineTitle")}
          text={t("forms:new.noLineText")}
          action={<ButtonLink to="/admin/lines/new">{t("forms:new.createLine")}</ButtonLink>}
        />
      ) : (
        <NewForm lines={lines.data.items} />
      )}
    </PageFrame>
  );
}

const icon = { size: 24, stroke: 1.5 } as const;
const icons: Record<StartingPoint, ReactNode> = {
  feedback: <IconMessageCircle {...icon} />,
  support: <IconLifebuoy {...icon} />,
  refund: <IconReceiptRefund {...icon} />,
};

function NewForm({ lines }: { lines: Line[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [point, setPoint] = useState<StartingPoint>("feedback");
  // The only line there is needs no choosing.
  const [line_id] = useState(lines.length === 1 ? (lines[0]?.id ?? "") : "");
  const form = useForm({ name: "", line_id });
  const suggested = t(`forms:start.${point}.title`);
  const create = useMutation({
    mutationFn: (body: NewWebForm) => post<WebForm>("/forms", body),
    onSuccess: (created) => {
      void client.invalidateQueries({ queryKey: ["forms"] });
      void navigate({ to: "/admin/forms/$formId", params: { formId: created.id } });
    },
    onError: form.fail,
  });
  const submit = () => {
    const { name, line_id } = form.values;
    if (!form.complain({ line_id: line_id === "" ? t("forms:new.chooseLine") : undefined })) return;
    create.mutate({ line_id, name: name.trim() || suggested, definition: startingDefinition(point, t) });
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormSection title={t("forms:new.start")} text={t("forms:new.startText")}>
        <div className={styles.points} role="radiogroup" aria-label={t("forms:new.start")}>
          {startingPoints.map((each) => (
            <label key={each} className={styles.point} data-testid={`start-${each}`}>
              <input
                type="radio"
                name="start"
                value={each}
                checked={each === point}
                onChange={() => setPoint(each)}
              />
              {icons[each]}
              <span className={styles.pointTitle}>{t(`forms:start.${each}.title`)}</span>
              <span className={styles.note}>{t(`forms:start.${each}.text`)}</span>
            </label>
          ))}
        </div>
      </FormSection>
      <FormSection title={t("forms:new.where")}>
        <TextInput
          label={t("forms:settings.name")}
          description={t("forms:settings.nameHelp")}
          placeholder={suggested}
          {...form.text("name")}
          data-testid="form-name"
        />
        <LineSelect lines={lines} {...form.text("line_id")} />
        <div className={styles.footer}>
          {form.message && (
            <p className={styles.error} role="alert">
              {form.message}
            </p>
          )}
          <ButtonLink to="/admin/forms" variant="default">
            {t("common:cancel")}
          </ButtonLink>
          <Button type="submit" loading={create.isPending} data-testid="form-submit">
            {t("forms:new.submit")}
          </Button>
        </div>
      </FormSection>
      <LeaveGuard active={form.dirty && !create.isPending && !create.isSuccess} />
    </form>
  );
}

interface LineSelectProps {
  lines: Pick<Line, "id" | "name">[];
  value: string;
  onChange: (event: React.ChangeEvent<HTMLSelectElement>) => void;
  error?: string;
}

export function LineSelect({ lines, ...rest }: LineSelectProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t("forms:settings.line")}
      description={t("forms:settings.lineHelp")}
      data={[
        { value: "", label: t("forms:new.chooseLine"), disabled: true },
        ...lines.map((line) => ({ value: line.id, label: line.name })),
      ]}
      {...rest}
      data-testid="form-line"
    />
  );
}
