// One stage of a route: what is done, by whom, by which OLA.
import { Checkbox, Select, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Ola, RouteDefinition, RouteStageDefinition } from "@/api/types.ts";
import { lengthWords } from "@/lib/due.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import type { Faults } from "../schedule-model.ts";
import { kinds, normOfKind, secondsKey } from "./model.ts";
import styles from "./routes.module.css";

interface Named {
  id: string;
  name: string;
}

interface Props {
  at: string;
  stage: RouteStageDefinition;
  mode: RouteDefinition["mode"];
  place: { first: boolean; last: boolean };
  faults: Faults;
  people: readonly Named[];
  groups: readonly Named[];
  olas: readonly Ola[];
  onChange: (change: Partial<RouteStageDefinition>) => void;
  onMove: (by: 1 | -1) => void;
}

export function StageFields({
  at,
  stage,
  mode,
  place,
  faults,
  people,
  groups,
  olas,
  onChange,
  onMove,
}: Props) {
  const { t } = useTranslation();
  // An OLA without a time for this kind is of no use to the stage.
  const fitting = olas.filter((ola) => ola.definition[secondsKey(normOfKind[stage.kind])] != null);
  const shown = (ola: Ola) => {
    const seconds = ola.definition[secondsKey(normOfKind[stage.kind])];
    return seconds ? `${ola.name} · ${lengthWords(seconds, t)}` : ola.name;
  };
  return (
    <>
      <TextInput
        label={t("stages:stage.name")}
        placeholder={t("stages:stage.nameExample")}
        value={stage.name}
        error={faults[`${at}.name`]}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        data-testid="route-stage-name"
      />
      <div className={styles.pair}>
        <Select
          label={t("stages:stage.kind")}
          data={kinds.map((kind) => ({ value: kind, label: t(`stages:norm.${normOfKind[kind]}`) }))}
          value={stage.kind}
          allowDeselect={false}
          onChange={(kind) => kind && onChange({ kind: kind as RouteStageDefinition["kind"], ola_id: null })}
        />
        <Select
          label={t("stages:stage.ola")}
          placeholder={t("stages:stage.noOla")}
          data={fitting.map((ola) => ({ value: ola.id, label: shown(ola) }))}
          clearable
          clearButtonProps={{ "aria-label": t("stages:stage.noOla") }}
          value={stage.ola_id ?? null}
          error={faults[`${at}.ola_id`]}
          onChange={(ola_id) => onChange({ ola_id })}
          data-testid="route-stage-ola"
        />
      </div>
      <Select
        label={t("stages:stage.who")}
        placeholder={t("stages:stage.choose")}
        data={[
          {
            group: t("stages:stage.people"),
            items: people.map(({ id, name }) => ({ value: `p:${id}`, label: name })),
          },
          {
            group: t("stages:stage.groups"),
            items: groups.map(({ id, name }) => ({ value: `g:${id}`, label: name })),
          },
        ]}
        searchable
        value={stage.user_id ? `p:${stage.user_id}` : stage.group_id ? `g:${stage.group_id}` : null}
        error={faults[`${at}.user_id`] ?? faults[`${at}.group_id`]}
        onChange={(next) =>
          onChange({
            user_id: next?.startsWith("p:") ? next.slice(2) : null,
            group_id: next?.startsWith("g:") ? next.slice(2) : null,
          })
        }
        nothingFoundMessage={t("common:nothingFound")}
        data-testid="route-stage-who"
      />
      <Checkbox
        label={t("stages:stage.mustComplete")}
        description={t("stages:stage.mustCompleteHelp")}
        checked={stage.must_complete}
        onChange={(event) => onChange({ must_complete: event.currentTarget.checked })}
        data-testid="route-stage-must"
      />
      {mode === "task" && !place.first && (
        <Checkbox
          label={t("stages:stage.parallel")}
          checked={stage.parallel}
          error={faults[`${at}.parallel`]}
          onChange={(event) => onChange({ parallel: event.currentTarget.checked })}
          data-testid="route-stage-parallel"
        />
      )}
      <div className={styles.tools}>
        <IconButton label={t("stages:stage.up")} disabled={place.first} onClick={() => onMove(-1)}>
          <IconArrowUp size={18} stroke={1.5} />
        </IconButton>
        <IconButton label={t("stages:stage.down")} disabled={place.last} onClick={() => onMove(1)}>
          <IconArrowDown size={18} stroke={1.5} />
        </IconButton>
      </div>
    </>
  );
}
