// The list of canned replies over the composer: found by words, looked at as the client will read it, put into the text.
import { Button, Popover } from "@mantine/core";
import { IconBookmarkPlus, IconMessage2Bolt } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedReply, Conversation } from "@/api/types.ts";
import { IconButton } from "@/ui/icon-button.tsx";
import { ErrorState } from "@/ui/states.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { parseHtml, SimpleHtml } from "../simple-html.tsx";
import styles from "./canned-replies.module.css";
import { fitting } from "./fitting.ts";
import { cannedPreviewQuery, cannedRepliesQuery } from "./queries.ts";
import { ReplyLine } from "./reply-line.tsx";

interface Props {
  conversation: Conversation;
  className?: string | undefined;
  opened: boolean;
  onOpened: (opened: boolean) => void;
  onChoose: (reply: CannedReply) => void;
  /** Keeps what is written as a reply; absent: nothing is written. */
  onKeep?: (() => void) | undefined;
}

export function CannedPicker({ className, opened, onOpened, ...rest }: Props) {
  const { t } = useTranslation();
  return (
    <Popover
      opened={opened}
      onChange={onOpened}
      position="top-start"
      width="min(640px, calc(100vw - 16px))"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <IconButton
          label={t("answers:insert")}
          keys="mod+/"
          tooltipPosition="top"
          size={28}
          className={className}
          onClick={() => onOpened(!opened)}
          data-testid="canned-open"
        >
          <IconMessage2Bolt size={18} stroke={1.5} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t("answers:list")} data-testid="canned-picker">
        {opened && <Picker onOpened={onOpened} {...rest} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Picker({ conversation, onOpened, onChoose, onKeep }: Omit<Props, "className" | "opened">) {
  const { t } = useTranslation();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const replies = useQuery(cannedRepliesQuery(conversation.line.id));
  const found = fitting(replies.data?.items ?? [], typed);
  const place = Math.min(at, Math.max(0, found.length - 1));
  const chosen = found[place];

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice moves the list
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [place]);

  const choose = (reply: CannedReply | undefined) => {
    if (!reply) return;
    onOpened(false);
    onChoose(reply);
  };
  return (
    <div className={styles.picker}>
      <input
        className={styles.search}
        placeholder={t("answers:find")}
        aria-label={t("answers:find")}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={chosen ? `${listId}-${place}` : undefined}
        value={typed}
        data-autofocus
        data-testid="canned-search"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const step = event.key === "ArrowDown" ? 1 : -1;
            setAt((place + step + found.length) % Math.max(1, found.length));
          } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
            event.preventDefault();
            choose(chosen);
          }
        }}
      />
      {replies.error && !replies.data ? (
        <ErrorState error={replies.error} retry={() => void replies.refetch()} compact />
      ) : (
        <div className={styles.panes}>
          <div className={styles.pane} role="listbox" id={listId} ref={list} aria-label={t("answers:list")}>
            {found.map((reply, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input above handles the keys
              <div
                key={reply.id}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === place}
                className={styles.option}
                onMouseMove={() => setAt(index)}
                onClick={() => choose(reply)}
                data-testid="canned-option"
              >
                <ReplyLine reply={reply} />
              </div>
            ))}
          </div>
          {replies.data && !chosen && (
            <p className={styles.nothing}>
              {t(replies.data.items.length > 0 ? "common:nothingFound" : "answers:noneYet")}
            </p>
          )}
          {chosen && <Preview reply={chosen} conversation={conversation} />}
        </div>
      )}
      <div className={styles.bottom}>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconBookmarkPlus size={16} stroke={1.5} />}
          disabled={!onKeep}
          onClick={() => {
            onOpened(false);
            onKeep?.();
          }}
          data-testid="canned-keep"
        >
          {t("answers:keep")}
        </Button>
        <Link to="/settings/canned-replies" className={styles.manage}>
          {t("answers:manage")}
        </Link>
      </div>
    </div>
  );
}

/** As the client of this conversation would read it. */
function Preview({ reply, conversation }: { reply: CannedReply; conversation: Conversation }) {
  const { t } = useTranslation();
  const id = useDebounced(reply.id, 120);
  const { data } = useQuery(cannedPreviewQuery(id, conversation.id));
  return (
    <section
      className={styles.preview}
      aria-label={t("answers:preview")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it may be longer than its place, and keys scroll it
      tabIndex={0}
      data-testid="canned-preview"
    >
      <p className={styles.caption}>{t("answers:preview")}</p>
      {data && id === reply.id ? (
        <SimpleHtml body={parseHtml(data.html)} attachments={[]} />
      ) : (
        <p className={styles.waiting}>{reply.text}</p>
      )}
    </section>
  );
}
