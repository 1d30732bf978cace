// With what a test compares: a field for each kind of attribute and shape of value.
import {
  Autocomplete,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./condition.module.css";
import type { TestNode } from "./condition.ts";
import { DatesValue } from "./dates-value.tsx";
import { IdsValue } from "./ids-value.tsx";
import type { Attribute } from "./types.ts";
import { shapeOf } from "./values.ts";

interface Props {
  attribute: Attribute;
  test: TestNode;
  wrong: boolean;
  onChange: (value: unknown) => void;
}

export function TestValue(props: Props) {
  const { attribute, test, wrong, onChange } = props;
  const shape = shapeOf(attribute.kind, test.operator);
  if (attribute.kind === "id") return <IdsValue {...props} list={shape === "list"} />;
  if (attribute.kind === "bool") return <YesOrNo value={test.value === true} onChange={onChange} />;
  if (attribute.kind === "choice") return <Choice {...props} list={shape === "list"} />;
  if (attribute.kind === "text") return <Texts {...props} list={shape === "list"} />;
  const one = (value: unknown, label: "value" | "from" | "to", put: (value: unknown) => void) => (
    <Plain kind={attribute.kind} label={label} value={value} wrong={wrong} onChange={put} />
  );
  if (shape === "list") {
    return <DatesValue dates={texts(test.value)} wrong={wrong} onChange={onChange} />;
  }
  if (shape === "one") return one(test.value, "value", onChange);
  const [from, to] = Array.isArray(test.value) ? test.value : [null, null];
  return (
    <div className={styles.two}>
      {one(from, "from", (value) => onChange([value, to]))}
      <span aria-hidden="true">–</span>
      {one(to, "to", (value) => onChange([from, value]))}
    </div>
  );
}

function YesOrNo({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("rules:condition.value")}
      data={[
        { value: "yes", label: t("rules:yes") },
        { value: "no", label: t("rules:no") },
      ]}
      value={value ? "yes" : "no"}
      onChange={(chosen) => onChange(chosen === "yes")}
      data-testid="test-value"
    />
  );
}

function Choice({ attribute, test, wrong, list, onChange }: Props & { list: boolean }) {
  const { t } = useTranslation();
  const shared = {
    size: "xs",
    "aria-label": t("rules:condition.value"),
    data: attribute.options,
    error: wrong,
    searchable: true,
    nothingFoundMessage: t("common:nothingFound"),
    "data-testid": "test-value",
  } as const;
  if (!list) {
    return <Select {...shared} allowDeselect={false} value={text(test.value) || null} onChange={onChange} />;
  }
  const values = texts(test.value);
  return (
    <MultiSelect
      {...shared}
      placeholder={values.length === 0 ? t("rules:condition.choose") : undefined}
      value={values}
      onChange={onChange}
    />
  );
}

function Texts({ attribute, test, wrong, list, onChange }: Props & { list: boolean }) {
  const { t } = useTranslation();
  const shared = {
    size: "xs",
    "aria-label": t("rules:condition.value"),
    data: attribute.options.map(({ value }) => value),
    error: wrong,
    maxLength: 500,
    "data-testid": "test-value",
  } as const;
  if (!list) {
    return (
      <Autocomplete {...shared} value={text(test.value)} onChange={(value) => onChange(value || null)} />
    );
  }
  const values = texts(test.value);
  return (
    <TagsInput
      {...shared}
      placeholder={values.length === 0 ? t("rules:condition.words") : undefined}
      value={values}
      onChange={onChange}
    />
  );
}

interface PlainProps {
  kind: string;
  label: "value" | "from" | "to";
  value: unknown;
  wrong: boolean;
  onChange: (value: unknown) => void;
}

function Plain({ kind, label, value, wrong, onChange }: PlainProps) {
  const { t } = useTranslation();
  const shared = {
    size: "xs",
    "aria-label": t(`rules:condition.${label}`),
    error: wrong,
    "data-testid": label === "value" ? "test-value" : `test-${label}`,
  } as const;
  if (kind === "number") {
    return (
      <NumberInput
        {...shared}
        className={styles.number}
        value={typeof value === "number" ? value : ""}
        onChange={(number) => onChange(typeof number === "number" ? number : null)}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      className={kind === "time" ? styles.clock : styles.date}
      type={kind === "time" ? "time" : "date"}
      value={text(value)}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const texts = (value: unknown) => [value].flat().filter((each): each is string => typeof each === "string");
