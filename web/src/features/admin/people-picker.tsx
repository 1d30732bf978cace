// Choosing members of staff: those chosen as a list, others found by name on the server.
import { Loader, Select } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { IconButton } from "@/ui/icon-button.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import styles from "./admin.module.css";
import { userSearchQuery } from "./queries.ts";

interface Props {
  label: string;
  description?: string;
  people: Person[];
  onChange: (people: Person[]) => void;
  error?: string;
}

export function PeoplePicker({ label, description, people, onChange, error }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const found = useQuery({
    ...userSearchQuery(useDebounced(search.trim(), 200)),
    placeholderData: keepPreviousData,
  });
  const free = (found.data?.items ?? []).filter((user) => !people.some((person) => person.id === user.id));
  return (
    <div>
      <Select
        label={label}
        description={description}
        placeholder={t("admin:people.find")}
        leftSection={<IconSearch size={18} stroke={1.5} />}
        rightSection={found.isFetching ? <Loader size={14} color="gray" /> : undefined}
        // The server has searched already.
        filter={({ options }) => options}
        data={free.map((user) => ({ value: user.id, label: `${user.name} (${user.email})` }))}
        value={null}
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        onChange={(id) => {
          const user = free.find((each) => each.id === id);
          if (user) onChange([...people, { id: user.id, name: user.name, avatar_color: user.avatar_color }]);
          setSearch("");
        }}
        nothingFoundMessage={t("common:nothingFound")}
        error={error}
        data-testid="people-picker"
      />
      {people.length > 0 && (
        <div className={styles.members} style={{ marginTop: 8 }}>
          {people.map((person) => (
            <div key={person.id} className={styles.member} data-testid="member">
              <Avatar name={person.name} color={person.avatar_color} size={28} />
              <span className={styles.memberName}>{person.name}</span>
              <IconButton
                label={t("admin:people.remove", { name: person.name })}
                onClick={() => onChange(people.filter((each) => each.id !== person.id))}
              >
                <IconX size={18} stroke={1.5} />
              </IconButton>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
