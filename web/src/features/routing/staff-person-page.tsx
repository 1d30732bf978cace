// How somebody works: his limits, what he is good at, which statuses he had and what he was busy with.
import { Alert, NumberInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { useCan } from "@/api/me.ts";
import type { Id } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import styles from "./staff.module.css";
import { channelKey, limitsOf, workValues } from "./staff-form.ts";
import { PersonHistory } from "./staff-history.tsx";
import { SkillsSection } from "./staff-levels.tsx";
import {
  channelKinds,
  type OperatorView,
  operatorsNowQuery,
  personSkillsQuery,
  type Skill,
  type SkillLevel,
  settingsQuery,
  skillsQuery,
} from "./staff-queries.ts";

const route = getRouteApi("/shell/admin/users/$userId/work");

export function PersonWorkPage() {
  const { userId } = route.useParams();
  return (
    <Allowed need="users.manage">
      <PersonWork key={userId} id={userId} />
    </Allowed>
  );
}

function PersonWork({ id }: { id: Id }) {
  const { t } = useTranslation();
  const operators = useQuery(operatorsNowQuery);
  const skills = useQuery(skillsQuery);
  const levels = useQuery(personSkillsQuery(id));
  const failed = [operators, skills, levels].find((query) => query.isError && !query.data);
  const operator = operators.data?.find(({ user }) => user.id === id);
  const back = (
    <Link to="/admin/users/$userId" params={{ userId: id }}>
      {t("staff:person.account")}
    </Link>
  );
  return (
    <PageFrame
      title={operator?.user.name ?? t("staff:person.title")}
      text={t("staff:person.text")}
      back={back}
    >
      {failed ? (
        <ErrorState error={failed.error} retry={() => void failed.refetch()} />
      ) : !operators.data || !skills.data || !levels.data ? (
        <RowSkeletons count={3} height={140} />
      ) : operator ? (
        <WorkForm operator={operator} skills={skills.data} levels={levels.data} />
      ) : (
        <Alert color="yellow" mb="md">
          {t("staff:person.notOperator")}
        </Alert>
      )}
      <PersonHistory id={id} />
    </PageFrame>
  );
}

function WorkForm({
  operator,
  skills,
  levels,
}: {
  operator: OperatorView;
  skills: Skill[];
  levels: SkillLevel[];
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { id } = operator.user;
  const can = useCan();
  const { data: settings } = useQuery({ ...settingsQuery, enabled: can("lines.manage") });
  const form = useForm(workValues(operator, levels));
  const save = useMutation({
    mutationFn: async () => {
      const { skills: changed, ...limits } = form.changed;
      if (Object.keys(limits).length > 0) {
        const next = await put<OperatorView>(`/users/${id}/limits`, limitsOf(form.values));
        client.setQueryData(operatorsNowQuery.queryKey, (all) =>
          all?.map((each) => (each.user.id === id ? next : each)),
        );
      }
      if (changed) {
        const { items } = await put<{ items: SkillLevel[] }>(`/users/${id}/skills`, changed);
        client.setQueryData(personSkillsQuery(id).queryKey, items);
        void client.invalidateQueries({ queryKey: skillsQuery.queryKey, exact: true });
      }
    },
    onSuccess: () => {
      form.reset();
      notifyDone(t("staff:saved"));
    },
    onError: form.fail,
  });
  return (
    <>
      <FormSection title={t("staff:person.limits")} text={t("staff:person.limitsText")}>
        <NumberInput
          label={t("staff:person.limit")}
          description={t("staff:person.limitText")}
          placeholder={
            settings ? t("staff:person.asEverybody", { n: settings.default_limit }) : t("staff:person.usual")
          }
          value={form.values.limit}
          onChange={(limit) => form.set({ limit })}
          error={form.errors.limit}
          min={0}
          max={500}
          clampBehavior="none"
          allowDecimal={false}
          maw={360}
          data-testid="person-limit"
        />
        <div>
          <p className={styles.label}>{t("staff:person.byChannel")}</p>
          <p className={styles.help}>{t("staff:person.byChannelText")}</p>
          <ul className={styles.weights}>
            {channelKinds.map((kind) => (
              <li key={kind} className={styles.weight}>
                <ChannelMark kind={kind} size={18} colored />
                <span className={styles.weightName}>{t(`channels:kind.${kind}`)}</span>
                <NumberInput
                  aria-label={t(`channels:kind.${kind}`)}
                  placeholder="∞"
                  value={form.values[channelKey(kind)]}
                  onChange={(value) => form.set({ [channelKey(kind)]: value })}
                  error={form.errors[channelKey(kind)]}
                  min={0}
                  max={500}
                  clampBehavior="none"
                  allowDecimal={false}
                  w={112}
                  data-testid={`person-limit-${kind}`}
                />
              </li>
            ))}
          </ul>
        </div>
      </FormSection>
      <SkillsSection
        title={t("staff:person.skills")}
        text={t("staff:person.skillsText")}
        skills={skills}
        levels={form.values.skills}
        of="person"
        onChange={(next) => form.set({ skills: next })}
      />
      <SaveBar
        dirty={form.dirty}
        saving={save.isPending}
        onSave={() => save.mutate()}
        onReset={form.reset}
        error={form.message}
      />
    </>
  );
}
