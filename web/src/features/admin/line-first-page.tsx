// The first line in three steps: what it is called, who answers, how clients write. At the end it works.
import { Button, Stepper } from "@mantine/core";
import { IconBriefcase } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "@/api/me.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { EmptyState, ErrorState, errorText } from "@/ui/states.tsx";
import styles from "./admin.module.css";
import { LineFirstDone } from "./line-first-done.tsx";
import {
  type FirstLine,
  forgetFirstLine,
  keepFirstLine,
  keptFirstLine,
  missingOf,
} from "./line-first-form.ts";
import { ChannelStep, NameStep, PeopleStep } from "./line-first-steps.tsx";
import { allLinesQuery } from "./queries.ts";
import { type MadeLine, useFirstLine } from "./use-first-line.ts";

export function LineFirstPage() {
  return (
    <Allowed need="lines.manage">
      <Prepared />
    </Allowed>
  );
}

function Prepared() {
  const { t } = useTranslation();
  const me = useMe();
  const lines = useQuery(allLinesQuery);
  const [made, setMade] = useState<MadeLine | null>(null);
  if (made) return <LineFirstDone made={made} />;
  if (lines.error && !lines.data)
    return <ErrorState error={lines.error} retry={() => void lines.refetch()} />;
  if (!lines.data) {
    return (
      <PageFrame title={t("staff:wizard.title")}>
        <RowSkeletons count={3} />
      </PageFrame>
    );
  }
  // Begun here and already made: only its channel is left.
  const begun = keptFirstLine(me).line;
  const open = lines.data.items.filter((line) => line.archived_at === null);
  if (open.length > 0 && !open.some((line) => line.id === begun?.id)) {
    return (
      <EmptyState
        icon={<IconBriefcase size={28} stroke={1.5} />}
        title={t("staff:wizard.thereTitle")}
        text={t("staff:wizard.thereText")}
        action={<ButtonLink to="/admin/lines/new">{t("staff:wizard.another")}</ButtonLink>}
      />
    );
  }
  return <Wizard onMade={setMade} />;
}

function Wizard({ onMade }: { onMade: (made: MadeLine) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const can = useCan();
  const navigate = useNavigate();
  const ownGroup = can("users.manage");
  const [typed, setTyped] = useState<FirstLine>(() => keptFirstLine(me));
  const values: FirstLine = can("channels.manage") ? typed : { ...typed, channel: "later" };
  const [missing, setMissing] = useState<(keyof FirstLine)[]>([]);
  const { step } = values;
  useEffect(() => keepFirstLine(me.id, typed), [me.id, typed]);
  const set = (change: Partial<FirstLine>) => {
    setTyped((old) => ({ ...old, ...change }));
    setMissing((old) => old.filter((field) => !(field in change)));
  };
  const make = useFirstLine(values, set);

  const next = () => {
    const lacking = missingOf(values, ownGroup);
    setMissing(lacking);
    if (lacking.length > 0) return;
    if (step === 0) set({ step: 1 });
    else if (step === 1) set({ step: 2 });
    else
      make.mutate(undefined, {
        onSuccess: (made) => {
          forgetFirstLine(me.id);
          if (values.channel === "mail")
            void navigate({ to: "/admin/mailboxes/new", search: { line: made.line.id } });
          else onMade(made);
        },
      });
  };
  const shared = { values, set, wrong: (field: keyof FirstLine) => missing.includes(field) };
  const titles = ["name", "people", "channel"] as const;
  return (
    <PageFrame title={t("staff:wizard.title")} text={t("staff:wizard.text")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        <Stepper
          active={step}
          // What is made already can no longer be changed here.
          onStepClick={(to) => to < step && !values.line && set({ step: to as FirstLine["step"] })}
          mb="lg"
          iconSize={32}
          wrap={false}
        >
          {titles.map((title) => (
            <Stepper.Step key={title} label={t(`staff:wizard.step.${title}`)} />
          ))}
        </Stepper>
        <FormSection
          title={t(`staff:wizard.${titles[step]}Title`)}
          text={t(`staff:wizard.${titles[step]}Text`)}
        >
          {step === 0 && <NameStep {...shared} />}
          {step === 1 && <PeopleStep {...shared} ownGroup={ownGroup} />}
          {step === 2 && <ChannelStep {...shared} />}
        </FormSection>
        {make.error && (
          <p className={styles.error} role="alert" style={{ marginTop: 12 }}>
            {values.line && t("staff:wizard.lineIsThere", { name: values.line.name })}{" "}
            {errorText(make.error, t)}
          </p>
        )}
        <div className={styles.footer}>
          {step > 0 && !values.line ? (
            <Button variant="default" onClick={() => set({ step: (step - 1) as FirstLine["step"] })}>
              {t("admin:back")}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={make.isPending} data-testid="wizard-next">
            {t(step < 2 ? "admin:next" : `staff:wizard.${values.line ? "left" : "finish"}.${values.channel}`)}
          </Button>
        </div>
        <p className={styles.note} style={{ marginTop: 12 }}>
          {t("staff:wizard.kept")}
        </p>
      </form>
    </PageFrame>
  );
}
