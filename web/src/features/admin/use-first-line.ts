// Makes the first line out of what the wizard asked: the group of its people, the line, its chat. What is there already
// when a part is refused is remembered, so that trying again goes on from there.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import { meQuery } from "@/api/me.ts";
import type { Channel, Group, Line, NewLine } from "@/api/types.ts";
import { type FirstLine, keysToTry } from "./line-first-form.ts";
import { suggestKey } from "./line-form.ts";

export interface MadeLine {
  line: { id: string; name: string };
  channel: Channel | null;
}

export function useFirstLine(values: FirstLine, onPart: (part: Partial<FirstLine>) => void) {
  const { t } = useTranslation();
  const client = useQueryClient();

  const makeGroup = async () => {
    const group = await post<Group>("/groups", {
      name: t("staff:wizard.groupName", { name: values.name.trim() }),
      member_ids: values.people.map((person) => person.id),
    });
    onPart({ group: group.id });
    return group.id;
  };
  const makeLine = async (operator_group_ids: string[]) => {
    const body: Omit<NewLine, "key"> = {
      name: values.name.trim(),
      public_name: values.public_name.trim(),
      operator_group_ids,
      signature_html: t("admin:default.signature"),
      auto_reply: {
        enabled: true,
        subject: t("admin:default.autoReplySubject"),
        text: t("admin:default.autoReplyText"),
      },
    };
    const line = await firstThatFits(keysToTry(suggestKey(values.name)), (key) =>
      post<Line>("/lines", { ...body, key }),
    );
    const made = { id: line.id, name: line.name };
    onPart({ line: made });
    return made;
  };

  return useMutation({
    mutationFn: async (): Promise<MadeLine> => {
      let line = values.line;
      if (!line) {
        const groups = values.group_ids.length > 0 ? values.group_ids : [values.group ?? (await makeGroup())];
        line = await makeLine(groups);
      }
      const channel =
        values.channel === "chat"
          ? await post<Channel>("/channels", {
              line_id: line.id,
              kind: "chat",
              settings: { title: values.public_name.trim() || line.name },
              enabled: true,
            })
          : null;
      return { line, channel };
    },
    onSettled: () =>
      Promise.all(
        [["admin"], ["lines"], ["channels"], meQuery.queryKey].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

/** The first answer that does not complain of the key. */
async function firstThatFits<T>(keys: string[], send: (key: string) => Promise<T>): Promise<T> {
  for (const key of keys.slice(0, -1)) {
    try {
      return await send(key);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.fields.key) throw error;
    }
  }
  return send(keys.at(-1) ?? "LINE");
}
