// A number nobody has written from yet: the channel to write to it from, and what to call its owner.
import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, get, post } from "@/api/http.ts";
import type { Contact, Id, Items, OpenedChat, PhoneChannel } from "@/api/types.ts";
import { notifyError } from "@/ui/notify.ts";
import { ErrorState } from "@/ui/states.tsx";
import styles from "./new-conversation.module.css";

interface Props {
  phone: string;
  line: Id | undefined;
  onBack: () => void;
  /** The chat is open: whose it is, and the route to write by. */
  onOpened: (contact: Contact, routeKey: string) => void;
}

export function PhoneForm({ phone, line, onBack, onOpened }: Props) {
  const { t } = useTranslation();
  const [number, setNumber] = useState(phone);
  const [name, setName] = useState("");
  const [channel, setChannel] = useState("");
  const [fields, setFields] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const channels = useQuery({
    queryKey: ["phone-channels", line],
    queryFn: ({ signal }) => get<Items<PhoneChannel>>(`/lines/${line}/phone-channels`, undefined, signal),
    enabled: line !== undefined,
  });
  const items = channels.data?.items ?? [];
  const chosen = channel || items[0]?.id;

  const open = async () => {
    if (!chosen || busy) return;
    setBusy(true);
    setFields({});
    try {
      const body = { phone: number, name: name.trim() || undefined };
      const chat = await post<OpenedChat>(`/channels/${chosen}/chats`, body);
      onOpened(await get<Contact>(`/contacts/${chat.contact_id}`), chat.route_key);
    } catch (error) {
      if (error instanceof ApiError && Object.keys(error.fields).length > 0) setFields(error.fields);
      else notifyError(error);
      setBusy(false);
    }
  };

  if (channels.isError) return <ErrorState error={channels.error} retry={() => void channels.refetch()} />;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
      data-testid="phone-form"
    >
      <TextInput
        label={t("desk:new.phoneNumber")}
        type="tel"
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
        error={fields.phone}
        data-testid="phone-number"
      />
      <TextInput
        label={t("desk:new.phoneName")}
        description={t("desk:new.phoneNameHelp")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fields.name}
        data-autofocus
        data-testid="phone-name"
      />
      {channels.data && items.length === 0 ? (
        <p className={styles.why}>{t("desk:new.noPhoneChannels")}</p>
      ) : (
        <NativeSelect
          label={t("desk:new.phoneChannel")}
          value={chosen ?? ""}
          onChange={(event) => setChannel(event.currentTarget.value)}
          data={items.map((each) => ({
            value: each.id,
            label: `${t(`channels:kind.${each.kind}`)} · ${each.account_name}`,
          }))}
          data-testid="phone-channel"
        />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack}>
          {t("common:cancel")}
        </Button>
        <Button
          type="submit"
          loading={busy}
          disabled={!chosen || number.trim() === ""}
          data-testid="phone-next"
        >
          {t("desk:new.phoneNext")}
        </Button>
      </Group>
    </form>
  );
}
