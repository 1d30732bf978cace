// Who answers for the conversation. People of its line stand first; typing narrows the list.
import { Combobox, useCombobox } from "@mantine/core";
import { IconCheck, IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Id, Operator } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import type { Commands } from "./commands.ts";
import styles from "./conversation-header.module.css";
import pickerStyles from "./owner-picker.module.css";
import { operatorsQuery } from "./queries.ts";

interface Props {
  conversation: Conversation;
  commands: Commands;
  me: Id;
  opened: boolean;
  onChange: (opened: boolean) => void;
}

const nobody = "nobody";

/** Those who may take it: first me, then the people of the line, then the others, by name. */
export function orderOperators(operators: readonly Operator[], line: Id, me: Id): Operator[] {
  const rank = (operator: Operator) => (operator.id === me ? 0 : operator.lines.includes(line) ? 1 : 2);
  return operators.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export function OwnerPicker({ conversation, commands, me, opened, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { data: operators } = useQuery({ ...operatorsQuery, enabled: conversation.can.assign });
  const combobox = useCombobox({
    opened,
    onOpenedChange: onChange,
    onDropdownOpen: () => setTimeout(() => combobox.focusSearchInput(), 0),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setText("");
    },
  });
  useEffect(() => {
    if (opened) setTimeout(() => combobox.focusSearchInput(), 30);
  }, [opened, combobox.focusSearchInput]);
  const { assignee, can, id } = conversation;
  const words = text.trim().toLowerCase();
  const found = orderOperators(operators ?? [], conversation.line.id, me).filter((each) =>
    each.name.toLowerCase().includes(words),
  );

  const choose = (value: string) => {
    combobox.closeDropdown();
    onChange(false);
    const operator = operators?.find((each) => each.id === value) ?? null;
    if ((operator?.id ?? null) === (assignee?.id ?? null)) return;
    void commands.assign(
      id,
      operator && { id: operator.id, name: operator.name, avatar_color: operator.avatar_color },
    );
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={choose}
      width={280}
      position="bottom-end"
      shadow="md"
      withinPortal
    >
      <Combobox.Target withAriaAttributes={false}>
        <button
          type="button"
          className={styles.owner}
          disabled={!can.assign}
          onClick={() => onChange(!opened)}
          aria-expanded={opened}
          aria-haspopup="listbox"
          aria-label={assignee ? t("desk:owner.now", { name: assignee.name }) : t("desk:owner.choose")}
          data-testid="owner"
          title={assignee?.name}
        >
          {assignee ? (
            <Avatar name={assignee.name} color={assignee.avatar_color} size={24} />
          ) : (
            <IconUserPlus size={18} stroke={1.5} color="var(--text-2)" />
          )}
          <span className={styles.ownerName}>{assignee?.name ?? t("desk:owner.none")}</span>
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.selectFirstOption();
          }}
          placeholder={t("desk:owner.search")}
          aria-label={t("desk:owner.search")}
        />
        <Combobox.Options className={pickerStyles.options} aria-label={t("desk:owner.choose")}>
          {assignee && !words && (
            <Combobox.Option value={nobody}>
              <span className={pickerStyles.option}>
                <IconUserOff size={18} stroke={1.5} />
                <span className={pickerStyles.name}>{t("desk:owner.nobody")}</span>
              </span>
            </Combobox.Option>
          )}
          {found.map((each) => (
            <Combobox.Option key={each.id} value={each.id} active={each.id === assignee?.id}>
              <span className={pickerStyles.option}>
                <Avatar name={each.name} color={each.avatar_color} size={24} />
                <span className={pickerStyles.name}>{each.name}</span>
                {each.id === me && <span className={pickerStyles.note}>{t("desk:owner.me")}</span>}
                {each.id !== me && !each.lines.includes(conversation.line.id) && (
                  <span className={pickerStyles.note}>{t("desk:owner.otherLine")}</span>
                )}
                {each.id === assignee?.id && <IconCheck size={16} stroke={1.5} />}
              </span>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{t("common:palette.nothing")}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
