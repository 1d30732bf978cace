// A group conversation with a client of the line.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { GroupForm as SharedForm } from "@/ui/group-form.tsx";
import type { FormProps } from "./client-dialog.tsx";
import { refreshClients } from "./queries.ts";

export function GroupForm({ line, client, onClose }: FormProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <SharedForm
      line={line}
      client={client}
      onClose={onClose}
      onDone={(row) => {
        refreshClients(queries, line);
        void navigate({
          to: "/c/$view/$conversationId",
          params: { view: "groups", conversationId: row.id },
          search: {},
        });
      }}
    />
  );
}
