// Choosing people: those chosen stand below as a list, others are found by name.
import { Loader, Select } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Id } from "@/api/types.ts";
import { Avatar } from "./avatar.tsx";
import { IconButton } from "./icon-button.tsx";
import styles from "./people-field.module.css";

export interface Someone {
  id: Id;
  name: string;
  avatar_color: number;
  /** His company, his line: what tells namesakes apart. */
  note?: string;
}

interface Props {
  label: string;
  description?: string;
  placeholder?: string;
  /** Those one may choose from. */
  found: readonly Someone[];
  chosen: readonly Someone[];
  onChange: (chosen: Someone[]) => void;
  /** The words are looked for elsewhere; without it the names of `found` are searched. */
  onSearch?: (words: string) => void;
  /** Stays chosen. */
  fixed?: Id;
  /** One is enough. */
  single?: boolean;
  busy?: boolean;
  error?: string;
  autoFocus?: boolean;
  testid: string;
}

const shownOf = (one: Someone) => (one.note ? `${one.name} · ${one.note}` : one.name);

export function PeopleField({
  label,
  description,
  placeholder,
  found,
  chosen,
  onChange,
  onSearch,
  fixed,
  single,
  busy,
  error,
  autoFocus,
  testid,
}: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const search = (next: string) => {
    setWords(next);
    onSearch?.(next);
  };
  const free = found.filter((one) => !chosen.some((known) => known.id === one.id));
  return (
    <div>
      {!(single && chosen.length > 0) && (
        <Select
          label={label}
          description={description}
          placeholder={placeholder}
          leftSection={<IconSearch size={18} stroke={1.5} />}
          rightSection={busy ? <Loader size={14} color="gray" /> : <span />}
          {...(onSearch ? { filter: ({ options }) => options } : {})}
          data={free.map((one) => ({ value: one.id, label: shownOf(one) }))}
          value={null}
          searchable
          searchValue={words}
          onSearchChange={search}
          onChange={(id) => {
            const one = free.find((each) => each.id === id);
            if (one) onChange([...chosen, one]);
            search("");
          }}
          nothingFoundMessage={t("common:nothingFound")}
          maxDropdownHeight={240}
          error={error}
          data-autofocus={autoFocus || undefined}
          data-testid={testid}
        />
      )}
      {chosen.length > 0 && (
        <ul className={styles.chosen}>
          {chosen.map((one) => (
            <li key={one.id} className={styles.person} data-testid={`${testid}-chosen`}>
              <Avatar name={one.name} color={one.avatar_color} size={28} />
              <span className={styles.words}>
                {one.name}
                {one.note && <span className={styles.note}>{one.note}</span>}
              </span>
              {one.id !== fixed && (
                <IconButton
                  label={t("groups:drop", { name: one.name })}
                  onClick={() => onChange(chosen.filter((each) => each.id !== one.id))}
                >
                  <IconX size={18} stroke={1.5} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {single && chosen.length > 0 && error && (
        <p role="alert" style={{ color: "var(--danger)", fontSize: 12, marginTop: 4 }}>
          {error}
        </p>
      )}
    </div>
  );
}
