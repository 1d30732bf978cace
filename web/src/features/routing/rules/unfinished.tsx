// Rules that cannot be tried yet: something is missing in them, or the server refuses them.
import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type EditedRule, missingIn } from "./rule-set.ts";
import styles from "./try.module.css";
import type { Attribute } from "./types.ts";

interface Item {
  rule: EditedRule;
  /** What the server says about it. */
  text?: string;
}

export function unfinishedRules(rules: readonly EditedRule[], attributes: readonly Attribute[]): Item[] {
  const missing = (rule: EditedRule) => Object.keys(missingIn(rule, attributes)).length > 0;
  return rules.filter((rule) => !rule.deleted && missing(rule)).map((rule) => ({ rule }));
}

export function Unfinished({ rules, onOpen }: { rules: Item[]; onOpen: (uid: string) => void }) {
  const { t } = useTranslation();
  if (rules.length === 0) return null;
  return (
    <Alert color="yellow" title={t("rules:try.unfinished")} data-testid="unfinished">
      <ul className={styles.links}>
        {rules.map(({ rule, text }) => (
          <li key={rule.uid}>
            <button type="button" className={styles.link} onClick={() => onOpen(rule.uid)}>
              {rule.name || t("rules:list.untitled")}
            </button>
            {text && `: ${text}`}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
