// Who suits a line: what serving it takes, which line it stands behind, whether it works now and who is there.
import { Alert, Select } from "@mantine/core";
import { IconLayoutKanban } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { put } from "@/api/http.ts";
import { useCan, useMe } from "@/api/me.ts";
import type { Id } from "@/api/types.ts";
import { Allowed } from "@/ui/allowed.tsx";
import { ButtonLink } from "@/ui/button-link.tsx";
import { notifyDone } from "@/ui/notify.ts";
import { FormSection, PageFrame } from "@/ui/page.tsx";
import { RowSkeletons } from "@/ui/row-skeletons.tsx";
import { SaveBar } from "@/ui/save-bar.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useForm } from "@/ui/use-form.ts";
import { LineShiftRule } from "./shifts/line-rule.tsx";
import { SkillsSection } from "./staff-levels.tsx";
import { LineNowSection } from "./staff-line-now.tsx";
import {
  type FirstLine,
  firstLineQuery,
  lineNameQuery,
  lineSkillsQuery,
  type Skill,
  type SkillLevel,
  skillsQuery,
} from "./staff-queries.ts";

const route = getRouteApi("/shell/admin/lines/$lineId/staff");

export function LineStaffPage() {
  const { lineId } = route.useParams();
  return (
    <Allowed need="lines.manage">
      <LineStaff key={lineId} id={lineId} />
    </Allowed>
  );
}

function LineStaff({ id }: { id: Id }) {
  const { t } = useTranslation();
  const can = useCan();
  const line = useQuery(lineNameQuery(id));
  const skills = useQuery(skillsQuery);
  const levels = useQuery(lineSkillsQuery(id));
  const first = useQuery(firstLineQuery(id));
  const failed = [line, skills, levels, first].find((query) => query.isError && query.data === undefined);
  return (
    <PageFrame
      title={t("staff:line.title")}
      text={t("staff:line.text")}
      back={
        <Link to="/admin/lines/$lineId" params={{ lineId: id }}>
          {line.data?.name ?? t("staff:line.back")}
        </Link>
      }
      actions={
        can("conversations.assign") && (
          <ButtonLink
            to="/board"
            search={{ line: id }}
            variant="default"
            leftSection={<IconLayoutKanban size={18} stroke={1.5} />}
          >
            {t("staff:line.board")}
          </ButtonLink>
        )
      }
    >
      {failed ? (
        <ErrorState error={failed.error} retry={() => void failed.refetch()} />
      ) : !skills.data || !levels.data || first.data === undefined ? (
        <RowSkeletons count={3} height={140} />
      ) : (
        <>
          <LineNowSection line={id} />
          <LineShiftRule line={id} />
          <StaffForm id={id} skills={skills.data} levels={levels.data} first={first.data} />
        </>
      )}
    </PageFrame>
  );
}

function StaffForm({
  id,
  skills,
  levels,
  first,
}: {
  id: Id;
  skills: Skill[];
  levels: SkillLevel[];
  first: FirstLine["line"];
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { lines } = useMe();
  const form = useForm({ skills: levels, line_id: first?.id ?? "" });
  const save = useMutation({
    mutationFn: async () => {
      const { skills: changed, line_id } = form.changed;
      if (changed) {
        const { items } = await put<{ items: SkillLevel[] }>(`/lines/${id}/skills`, changed);
        client.setQueryData(lineSkillsQuery(id).queryKey, items);
      }
      if (line_id !== undefined) {
        const next = await put<FirstLine>(`/lines/${id}/first-line`, { line_id: line_id || null });
        client.setQueryData(firstLineQuery(id).queryKey, next.line);
      }
    },
    onSuccess: () => {
      form.reset();
      notifyDone(t("staff:saved"));
    },
    onError: form.fail,
  });
  const offered = lines.filter((line) => line.id !== id);
  return (
    <>
      <SkillsSection
        title={t("staff:line.skills")}
        text={t("staff:line.skillsText")}
        skills={skills}
        levels={form.values.skills}
        of="line"
        onChange={(next) => form.set({ skills: next })}
      />
      <FormSection title={t("staff:line.second")} text={t("staff:line.secondText")}>
        <Select
          label={t("staff:line.first")}
          placeholder={t("staff:line.behindNone")}
          data={offered.map((line) => ({ value: line.id, label: line.name }))}
          value={form.values.line_id || null}
          onChange={(line_id) => form.set({ line_id: line_id ?? "" })}
          error={form.errors.line_id}
          clearable
          clearButtonProps={{ "aria-label": t("staff:line.behindNone") }}
          searchable
          nothingFoundMessage={t("common:nothingFound")}
          maw={360}
          data-testid="first-line"
        />
        {form.values.line_id !== "" && (
          <Alert color="gray">
            {t("staff:line.flow", {
              first: lines.find((line) => line.id === form.values.line_id)?.name ?? first?.name,
            })}
          </Alert>
        )}
      </FormSection>
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
