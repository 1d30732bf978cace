// The edited rules of a line over the saved ones: changed on the page, tried unsaved, saved as one.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, put } from "@/api/http.ts";
import type { Id } from "@/api/types.ts";
import { notifyDone } from "@/ui/notify.ts";
import { errorText } from "@/ui/states.tsx";
import { useLiveEvents } from "@/ui/use-live.ts";
import { ruleSetQuery } from "./queries.ts";
import {
  type EditedRule,
  type Edits,
  type Faults,
  fallbackFaults,
  faultsOf,
  isChanged,
  type Missing,
  missingIn,
  missingOverflow,
  missingTarget,
  type RuleSet,
  rebased,
  remaining,
  remainingFaults,
  saved as savedSet,
  wireSet,
} from "./rule-set.ts";
import type { Attribute, Fallback, Rules } from "./types.ts";

export interface SetFaults {
  /** By the rule's uid. */
  rules: Record<string, Faults>;
  fallback: Faults;
}

const noFaults: SetFaults = { rules: {}, fallback: {} };

export interface EditedSet {
  set: RuleSet;
  base: RuleSet;
  changed: boolean;
  faults: SetFaults;
  saving: boolean;
  message: string | null;
  putRules: (rules: EditedRule[]) => void;
  putRule: (uid: string, change: Partial<EditedRule>) => void;
  putFallback: (change: Partial<Fallback>) => void;
  save: () => void;
  reset: () => void;
}

/** `onWrong` is told in which rule the first complaint stands; null: in what becomes of the rest. */
export function useRuleSet(
  line: Id,
  saved: RuleSet,
  attributes: readonly Attribute[],
  onWrong: (rule: string | null) => void,
): EditedSet {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [{ base, draft }, setEdits] = useState<Edits>({ base: saved, draft: saved });
  const [faults, setFaults] = useState(noFaults);
  const [message, setMessage] = useState<string | null>(null);
  const busy = useRef(false);
  const { queryKey } = ruleSetQuery(line);

  useEffect(() => {
    // While saving, its answer says what is saved by now.
    if (busy.current) return;
    setEdits((old) => ({ base: saved, draft: rebased(old.draft, old.base, saved) }));
  }, [saved]);
  useLiveEvents(["routing_rules_changed"], (event) => {
    if (event.line_id === line && !busy.current) void client.invalidateQueries({ queryKey });
  });

  const change = (next: (draft: RuleSet) => RuleSet) => {
    setEdits((old) => ({ ...old, draft: next(old.draft) }));
    setMessage(null);
  };
  const refuse = (found: SetFaults) => {
    setFaults(found);
    setMessage(t("common:checkFields"));
    const wrong = remaining(draft).find((rule) => Object.keys(found.rules[rule.uid] ?? {}).length > 0);
    onWrong(wrong?.uid ?? null);
    // Once the tab and the rule are opened.
    requestAnimationFrame(() => requestAnimationFrame(showWrong));
  };
  const save = useMutation({
    mutationFn: (sent: RuleSet) => {
      busy.current = true;
      return put<Rules>(`/lines/${line}/routing-rules`, wireSet(base, sent));
    },
    onSuccess: ({ items, version }, sent) => {
      setEdits((old) => savedSet(old.draft, sent, items, version));
      setFaults(noFaults);
      setMessage(null);
      notifyDone(t("rules:saved"));
    },
    onError: (error, sent) => {
      const fields = error instanceof ApiError ? error.fields : {};
      const rules = remaining(sent).map((rule, index) => {
        return [rule.uid, faultsOf(fields, rule, `rules[${index}].`)] as const;
      });
      const found = { rules: Object.fromEntries(rules), fallback: fallbackFaults(fields) };
      const placed = [found.fallback, ...Object.values(found.rules)].some(
        (each) => Object.keys(each).length > 0,
      );
      if (placed) refuse(found);
      else setMessage(errorText(error, t));
    },
    onSettled: async () => {
      busy.current = false;
      await client.invalidateQueries({ queryKey });
    },
  });
  const told = (missing: Record<string, Missing>): Faults =>
    Object.fromEntries(Object.entries(missing).map(([key, what]) => [key, t(`rules:missing.${what}`)]));

  return {
    set: draft,
    base,
    changed: isChanged(base, draft),
    faults,
    saving: save.isPending,
    message,
    putRules: (rules) => change((old) => ({ ...old, rules })),
    putRule: (uid, part) => {
      const rule = draft.rules.find((each) => each.uid === uid);
      if (!rule) return;
      const next = { ...rule, ...part };
      change((old) => ({ ...old, rules: old.rules.map((each) => (each.uid === uid ? next : each)) }));
      setFaults((old) => ({
        ...old,
        rules: { ...old.rules, [uid]: remainingFaults(old.rules[uid] ?? {}, rule, next) },
      }));
    },
    putFallback: (part) => {
      change((old) => ({ ...old, fallback: { ...old.fallback, ...part } }));
      setFaults((old) => ({ ...old, fallback: {} }));
    },
    save: () => {
      const rules = Object.fromEntries(
        remaining(draft).map((rule) => [rule.uid, told(missingIn(rule, attributes))]),
      );
      const target = missingTarget(draft.fallback.target);
      const fallback = told({ ...(target ? { target } : {}), ...missingOverflow(draft.fallback.overflow) });
      const wrong = [fallback, ...Object.values(rules)].some((each) => Object.keys(each).length > 0);
      if (wrong) refuse({ rules, fallback });
      else save.mutate(draft);
    },
    reset: () => {
      setEdits((old) => ({ ...old, draft: old.base }));
      setFaults(noFaults);
      setMessage(null);
    },
  };
}

/** To the first field with a complaint; a group of conditions has no field of its own. */
function showWrong() {
  const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
  const wrong = field ?? document.querySelector<HTMLElement>("[data-wrong] [data-wrong]");
  wrong?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}
