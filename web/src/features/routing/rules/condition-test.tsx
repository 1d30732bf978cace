// One test: what is asked, how it is compared, with what.
import { NativeSelect, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import styles from "./condition.module.css";
import type { TestNode } from "./condition.ts";
import { useEditing } from "./condition-editor.tsx";
import { ConditionMenu } from "./condition-menu.tsx";
import { TestValue } from "./test-value.tsx";
import type { Attribute } from "./types.ts";
import { firstTest, fitted, shapeOf } from "./values.ts";
import { familyOf } from "./words.ts";

export function ConditionTest({ test }: { test: TestNode }) {
  const { t } = useTranslation();
  const { attributes, faults, fresh, put } = useEditing();
  const attribute = attributes.find(({ key }) => key === test.field);
  const fault = faults[test.uid];
  const kind = attribute?.kind ?? "text";
  return (
    <div className={styles.test} data-wrong={fault !== undefined || undefined} data-testid="condition-test">
      <div className={styles.testRow}>
        <Select
          size="xs"
          className={styles.field}
          aria-label={t("rules:condition.field")}
          placeholder={t("rules:condition.fieldEmpty")}
          data={grouped(attributes, test.field)}
          value={test.field || null}
          searchable
          allowDeselect={false}
          autoFocus={fresh === test.uid && test.field === ""}
          nothingFoundMessage={t("common:nothingFound")}
          maxDropdownHeight={320}
          comboboxProps={{ width: 300, position: "bottom-start" }}
          error={fault !== undefined && test.field === ""}
          onChange={(field) => {
            const chosen = attributes.find(({ key }) => key === field);
            if (chosen && field !== test.field) put({ ...test, field: chosen.key, ...firstTest(chosen) });
          }}
          data-testid="test-field"
        />
        {attribute && attribute.kind !== "bool" && (
          <NativeSelect
            size="xs"
            className={styles.operator}
            aria-label={t("rules:condition.operator")}
            data={attribute.operators.map((operator) => ({
              value: operator,
              label: t(`rules:operator.${familyOf(kind)}.${operator}`),
            }))}
            value={test.operator}
            onChange={(event) => {
              const operator = event.currentTarget.value;
              put({ ...test, operator, value: fitted(kind, operator, test.value) });
            }}
            data-testid="test-operator"
          />
        )}
        {attribute && shapeOf(kind, test.operator) !== "nothing" && (
          <div className={styles.value}>
            <TestValue
              attribute={attribute}
              test={test}
              wrong={fault !== undefined}
              onChange={(value) => put({ ...test, value })}
            />
          </div>
        )}
        <ConditionMenu node={test} />
      </div>
      {attribute?.stems && shapeOf(kind, test.operator) === "list" && (
        <p className={styles.note}>{t("rules:condition.stems")}</p>
      )}
      {fault && (
        <p className={styles.error} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

/** By heading. One that is chosen and no longer known stays to be seen. */
function grouped(attributes: readonly Attribute[], chosen: string) {
  const headings = [...new Set(attributes.map(({ group_words }) => group_words))];
  const found = headings.map((group) => ({
    group,
    items: attributes
      .filter(({ group_words }) => group_words === group)
      .map(({ key, words }) => ({ value: key, label: words })),
  }));
  const known = chosen === "" || attributes.some(({ key }) => key === chosen);
  return known ? found : [...found, { group: "…", items: [{ value: chosen, label: chosen }] }];
}
