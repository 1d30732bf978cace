// The command palette: what can be done here, where one can go, and conversations by number or words.
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/http.ts";
import type { Items, SearchHit } from "@/api/types.ts";
import { useOfferedActions } from "@/ui/actions.ts";
import { Keys } from "@/ui/keys.tsx";
import { scrim } from "@/ui/theme.ts";
import { useDebounced } from "@/ui/use-debounced.ts";
import { useGoTo } from "./go-to.ts";
import styles from "./shell.module.css";

interface Entry {
  id: string;
  group: string;
  label: string;
  keys?: string;
  note?: string;
  run: () => void;
}

interface Props {
  opened: boolean;
  onClose: () => void;
  onHelp: () => void;
}

export function Palette({ opened, onClose, onHelp }: Props) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={opened} onClose={onClose} size={600} yOffset="12vh" centered={false}>
      <Modal.Overlay {...scrim} />
      <Modal.Content aria-label={t("common:palette.title")}>
        <Modal.Body p={0}>{opened && <PaletteBody onClose={onClose} onHelp={onHelp} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function PaletteBody({ onClose, onHelp }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const entries = useEntries(text, onHelp);
  const chosen = Math.min(at, Math.max(0, entries.length - 1));

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  });

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // After the dialog has given the focus back.
    setTimeout(entry.run, 0);
  };

  return (
    <>
      <input
        className={styles.paletteInput}
        placeholder={t("common:palette.placeholder")}
        aria-label={t("common:palette.placeholder")}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={entries[chosen] ? `${listId}-${chosen}` : undefined}
        value={text}
        data-autofocus
        data-testid="palette-input"
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const step = event.key === "ArrowDown" ? 1 : -1;
            setAt((chosen + step + entries.length) % Math.max(1, entries.length));
          } else if (event.key === "Enter") {
            event.preventDefault();
            run(entries[chosen]);
          }
        }}
      />
      <div
        className={styles.paletteList}
        role="listbox"
        id={listId}
        ref={list}
        aria-label={t("common:palette.title")}
      >
        {entries.length === 0 && <p className={styles.paletteEmpty}>{t("common:palette.nothing")}</p>}
        {entries.map((entry, index) => (
          <div key={entry.id} role="presentation">
            {entries[index - 1]?.group !== entry.group && (
              <div className={styles.paletteGroup} role="presentation">
                {entry.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the input above handles the keys */}
            <div
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === chosen}
              tabIndex={-1}
              data-active={index === chosen || undefined}
              className={styles.paletteItem}
              onMouseMove={() => setAt(index)}
              onClick={() => run(entry)}
            >
              <span>{entry.label}</span>
              {entry.note && <span className={styles.paletteNote}>{entry.note}</span>}
              {entry.keys && <Keys keys={entry.keys} />}
            </div>
          </div>
        ))}
      </div>
    </>
  );
}

function useEntries(text: string, onHelp: () => void): Entry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const places = useGoTo();
  const actions = useOfferedActions();
  const query = useDebounced(text.trim(), 180);
  const found = useQuery({
    queryKey: ["search", query, 8],
    queryFn: ({ signal }) => get<Items<SearchHit>>("/search", { q: query, limit: 8 }, signal),
    enabled: query.length > 0,
  });

  const here: Entry[] = actions.map((action) => ({ ...action, group: t("common:palette.here") }));
  const go: Entry[] = places.map((place) => ({
    id: `go-${place.id}`,
    group: t("common:palette.go"),
    label: place.label,
    keys: place.keys,
    run: place.go,
  }));
  go.push({ id: "help", group: t("common:palette.go"), label: t("common:nav.help"), keys: "?", run: onHelp });
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (entry: Entry) => words.every((word) => entry.label.toLowerCase().includes(word));
  const conversations: Entry[] = (found.data?.items ?? []).map(({ conversation }) => ({
    id: conversation.id,
    group: t("common:palette.conversations"),
    label: conversation.subject || t("common:noSubject"),
    note: `${conversation.contact.name} · ${conversation.number}`,
    run: () =>
      void navigate({
        to: "/c/$view/$conversationId",
        params: { view: "all", conversationId: conversation.id },
      }),
  }));
  const search: Entry[] = query
    ? [
        {
          id: "search-all",
          group: t("common:palette.conversations"),
          label: t("common:palette.searchFor", { text: query }),
          run: () => void navigate({ to: "/search", search: { q: query } }),
        },
      ]
    : [];
  return [...here.filter(fits), ...go.filter(fits), ...conversations, ...search];
}
