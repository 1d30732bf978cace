// Writing first to a client who has written before: found by name, then one of the channels he can be reached by; closed ones say why.
import { Button, Group, TextInput } from "@mantine/core";
import { IconPhone, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, get, post } from "@/api/http.ts";
import type { ContactRef, ConversationRow, Id, Items, NewMessage, Route } from "@/api/types.ts";
import { Avatar } from "@/ui/avatar.tsx";
import { ChannelMark } from "@/ui/channel-mark.tsx";
import { notifyError } from "@/ui/notify.ts";
import { useNow } from "@/ui/time.tsx";
import { useDebounced } from "@/ui/use-debounced.ts";
import { applyRow, refreshCounters } from "./cache.ts";
import { isBlank } from "./drafts.ts";
import rowStyles from "./forward-dialog.module.css";
import styles from "./new-conversation.module.css";
import { phoneIn } from "./new-way.ts";
import { PhoneForm } from "./phone-form.tsx";
import { linesQuery, searchQuery } from "./queries.ts";
import { RouteNotices } from "./route-notices.tsx";
import { asOf, isChat, parts, troubles } from "./routes.ts";
import { TemplatePicker } from "./template-picker.tsx";

const RichEditor = lazy(() => import("./editor.tsx"));

interface Props {
  line: string | undefined;
  onClose: () => void;
  onTouch: () => void;
}

export function ChatForm({ line, onClose, onTouch }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: lines } = useQuery(linesQuery);
  const line_id = line ?? lines?.items[0]?.id;
  const [contact, setContact] = useState<ContactRef | null>(null);
  const [phone, setPhone] = useState<string | null>(null);
  const [chosen, setRoute] = useState<Route | null>(null);
  // Of the chat that was just opened by a phone.
  const [wanted, setWanted] = useState<string | null>(null);
  const [html, setHtml] = useState("");
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(() => crypto.randomUUID());
  const routes = useQuery({
    queryKey: ["contact-routes", contact?.id, line_id],
    queryFn: ({ signal }) => get<Items<Route>>(`/contacts/${contact?.id}/routes`, { line_id }, signal),
    enabled: contact !== null && line_id !== undefined,
  });
  const chats = (routes.data?.items ?? []).filter((each) => isChat(each.kind));
  const now = useNow();
  const found = chosen ?? chats.find((each) => each.key === wanted && each.allowed) ?? null;
  const route = found && asOf(found, now);
  const against = troubles(route, [], route?.templates_only ?? false);
  const ready = route !== null && !isBlank({ html, attachments: [] }) && against.length === 0;

  const send = async (body: Pick<NewMessage, "html" | "template">) => {
    if (!route || !line_id || busy) return;
    setBusy(true);
    try {
      const created = await post<ConversationRow>(
        "/conversations",
        { line_id, route_key: route.key, ...body },
        { idempotencyKey: key },
      );
      applyRow(client, created);
      void refreshCounters(client);
      onClose();
      await navigate({
        to: "/c/$view/$conversationId",
        params: { view: "open", conversationId: created.id },
      });
    } catch (error) {
      if (error instanceof ApiError) setKey(crypto.randomUUID());
      notifyError(error, t("desk:new.failed"));
      setBusy(false);
    }
  };

  if (phone !== null && !contact) {
    return (
      <PhoneForm
        phone={phone}
        line={line_id}
        onBack={() => setPhone(null)}
        onOpened={(found, key) => {
          onTouch();
          setContact(found);
          setWanted(key);
        }}
      />
    );
  }
  if (!contact) return <ContactSearch onChoose={setContact} onPhone={setPhone} />;
  return (
    <div className={styles.form} data-testid="chat-form">
      <div className={styles.chosen}>
        <Avatar name={contact.name} color={contact.avatar_color} />
        <span className={rowStyles.words}>
          <span className={rowStyles.name}>{contact.name}</span>
        </span>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            setContact(null);
            setRoute(null);
            setPhone(null);
            setWanted(null);
          }}
        >
          {t("desk:new.otherClient")}
        </Button>
      </div>
      <div className={styles.routes} role="radiogroup" aria-label={t("desk:route.title")}>
        {chats.map((each) => (
          <label key={each.key} className={styles.route} data-disabled={!each.allowed || undefined}>
            <input
              type="radio"
              name="route"
              checked={each.key === route?.key}
              disabled={!each.allowed}
              onChange={() => {
                onTouch();
                setRoute(each);
              }}
            />
            <ChannelMark kind={each.kind} size={20} colored />
            <span className={rowStyles.words}>
              <span className={rowStyles.name}>
                {t(`channels:kind.${each.kind}`)} · {each.title}
              </span>
              <span className={styles.why}>
                {each.reason ?? t("desk:route.account", { name: each.account_name })}
              </span>
            </span>
          </label>
        ))}
        {routes.data && chats.length === 0 && <p className={styles.why}>{t("desk:new.noChats")}</p>}
      </div>
      {route?.templates_only ? (
        <>
          <RouteNotices troubles={against} parts={1} />
          <TemplatePicker
            key={route.key}
            route={route}
            onSend={(message) => void send(message)}
            kept={!isBlank({ html, attachments: [] })}
          />
        </>
      ) : (
        route && (
          <>
            <div className={styles.editor}>
              <Suspense fallback={<div style={{ minHeight: 140 }} />}>
                <RichEditor
                  html=""
                  autoFocus
                  label={t("desk:composer.label.outbound")}
                  placeholder={t("desk:composer.placeholder.outbound")}
                  onChange={setHtml}
                  onFiles={() => undefined}
                  onSubmit={() => ready && void send({ html })}
                  onSubmitAndClose={() => ready && void send({ html })}
                />
              </Suspense>
            </div>
            <RouteNotices troubles={against} parts={parts(route, html)} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {t("common:cancel")}
              </Button>
              <Button
                onClick={() => void send({ html })}
                loading={busy}
                disabled={!ready}
                data-testid="chat-send"
              >
                {t("desk:send.answer")}
              </Button>
            </Group>
          </>
        )
      )}
    </div>
  );
}

function ContactSearch({
  onChoose,
  onPhone,
}: {
  onChoose: (contact: ContactRef) => void;
  onPhone: (phone: string) => void;
}) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const settled = useDebounced(words.trim(), 250);
  const { data } = useQuery({ ...searchQuery(settled), placeholderData: keepPreviousData });
  const phone = phoneIn(words);
  const found = new Map<Id, ConversationRow>();
  for (const { conversation } of settled ? (data?.items ?? []) : [])
    if (!found.has(conversation.contact.id)) found.set(conversation.contact.id, conversation);
  return (
    <div className={styles.form}>
      <TextInput
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        label={t("desk:new.client")}
        description={t("desk:new.clientHelp")}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        data-autofocus
        data-testid="client-search"
      />
      <ul className={rowStyles.rows} style={{ marginTop: 0 }}>
        {[...found.values()].slice(0, 8).map((row) => (
          <li key={row.contact.id}>
            <button type="button" className={rowStyles.row} onClick={() => onChoose(row.contact)}>
              <Avatar
                name={row.contact.name}
                color={row.contact.avatar_color}
                mark={<ChannelMark kind={row.channel} size={12} colored />}
              />
              <span className={rowStyles.words}>
                <span className={rowStyles.name}>{row.contact.name}</span>
                <span className={rowStyles.subject}>
                  {row.contact.company?.name ?? row.subject ?? row.preview}
                </span>
              </span>
            </button>
          </li>
        ))}
        {phone && (
          <li>
            <button
              type="button"
              className={rowStyles.row}
              onClick={() => onPhone(phone)}
              data-testid="write-to-phone"
            >
              <IconPhone size={20} stroke={1.5} />
              <span className={rowStyles.words}>
                <span className={rowStyles.name}>{t("desk:new.phone", { phone })}</span>
              </span>
            </button>
          </li>
        )}
        {settled && data && found.size === 0 && !phone && (
          <li className={rowStyles.none}>{t("common:nothingFound")}</li>
        )}
      </ul>
    </div>
  );
}
