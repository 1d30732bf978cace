// What an action asks before it acts, or shows.
import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Client, Id } from "@/api/types.ts";
import { GroupForm } from "./group-form.tsx";
import { HistorySearch } from "./history-search.tsx";
import { TicketForm } from "./ticket-form.tsx";
import { TransferForm } from "./transfer-form.tsx";
import type { DialogName } from "./use-actions.tsx";

export interface FormProps {
  line: Id;
  client: Client;
  onClose: () => void;
}

const forms = { history: HistorySearch, transfer: TransferForm, ticket: TicketForm, group: GroupForm };

export default function ClientDialog({ name, ...props }: FormProps & { name: DialogName }) {
  const { t } = useTranslation();
  const Form = forms[name];
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t(`clients:dialog.${name}`, { name: props.client.name })}
      size={name === "history" ? 640 : 440}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <Form {...props} />
    </Modal>
  );
}
