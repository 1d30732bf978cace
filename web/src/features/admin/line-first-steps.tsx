// The steps of the first line's wizard.
import { MultiSelect, Radio, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api/me.ts";
import styles from "./admin.module.css";
import { type FirstChannel, type FirstLine, firstChannels } from "./line-first-form.ts";
import { PeoplePicker } from "./people-picker.tsx";
import { groupsQuery } from "./queries.ts";

interface Props {
  values: FirstLine;
  set: (change: Partial<FirstLine>) => void;
  /** The field is empty and must not be. */
  wrong: (field: keyof FirstLine) => boolean;
}

const names = ["support", "sales", "orders"] as const;

export function NameStep({ values, set, wrong }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <div>
        <TextInput
          label={t("admin:line.name")}
          description={t("admin:line.nameHelp")}
          value={values.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={wrong("name") ? t("admin:required") : undefined}
          maxLength={200}
          data-autofocus
          data-testid="wizard-name"
        />
        <div className={styles.chips} style={{ marginTop: 8 }}>
          {names.map((name) => (
            <button
              key={name}
              type="button"
              className={styles.chip}
              onClick={() => set({ name: t(`staff:wizard.names.${name}`) })}
            >
              {t(`staff:wizard.names.${name}`)}
            </button>
          ))}
        </div>
      </div>
      <TextInput
        label={t("admin:line.publicName")}
        description={t("admin:line.publicNameHelp")}
        placeholder={values.name}
        value={values.public_name}
        onChange={(event) => set({ public_name: event.currentTarget.value })}
        maxLength={200}
        data-testid="wizard-public-name"
      />
    </>
  );
}

export function PeopleStep({ values, set, wrong, ownGroup }: Props & { ownGroup: boolean }) {
  const { t } = useTranslation();
  const groups = useQuery({ ...groupsQuery, enabled: !ownGroup });
  if (!ownGroup) {
    return (
      <MultiSelect
        label={t("admin:line.groups.operator_group_ids")}
        data={groups.data?.items.map((group) => ({ value: group.id, label: group.name })) ?? []}
        value={values.group_ids}
        onChange={(group_ids) => set({ group_ids })}
        error={wrong("group_ids") ? t("admin:required") : undefined}
        searchable
        nothingFoundMessage={t("common:nothingFound")}
        data-testid="wizard-groups"
      />
    );
  }
  return (
    <>
      <PeoplePicker
        label={t("staff:wizard.people")}
        people={values.people}
        onChange={(people) => set({ people })}
        error={wrong("people") ? t("staff:wizard.somebody") : undefined}
      />
      <p className={styles.note}>
        {t("staff:wizard.notThere")}{" "}
        <Link to="/admin/users" search={{ create: true }}>
          {t("staff:wizard.addPerson")}
        </Link>
      </p>
    </>
  );
}

export function ChannelStep({ values, set }: Props) {
  const { t } = useTranslation();
  const can = useCan();
  const offered = firstChannels.filter((channel) => channel === "later" || can("channels.manage"));
  return (
    <Radio.Group
      aria-label={t("staff:wizard.channelTitle")}
      value={values.channel}
      onChange={(channel) => set({ channel: channel as FirstChannel })}
    >
      <Stack gap={14}>
        {offered.map((channel) => (
          <Radio
            key={channel}
            value={channel}
            label={t(`staff:wizard.channel.${channel}`)}
            description={t(`staff:wizard.channelHelp.${channel}`)}
            data-testid={`wizard-${channel}`}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
