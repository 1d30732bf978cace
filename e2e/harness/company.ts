// A small company to tell stories about: an administrator, an operator and a line with a mailbox.

import { Api } from "./api.ts";
import type { MailServers } from "./mail.ts";
import { until } from "./process.ts";
import type { Otklik } from "./server.ts";

export const administrator = {
  name: "Вера Соколова",
  email: "vera@desk.test",
  password: "длинный-пароль-Веры",
};
export const operator = { name: "Анна Белова", email: "anna@desk.test", password: "длинный-пароль-Анны" };

export interface Company {
  api: Api;
  line: { id: string; key: string; name: string };
  group: { id: string };
}

/** Goes through the first-run setup and adds Анна, her group and the line SUPPORT. */
export async function foundCompany(otklik: Otklik): Promise<Company> {
  const api = new Api(otklik.url);
  await api.post("/setup", {
    company_name: "Ромашка",
    ...administrator,
    locale: "ru",
    time_zone: "Europe/Moscow",
  });
  const group = await api.post<{ id: string }>("/groups", { name: "Первая линия", member_ids: [] });
  await hire(api, operator, group);
  const line = await api.post<Company["line"]>("/lines", {
    key: "SUPPORT",
    name: "Поддержка",
    operator_group_ids: [group.id],
    supervisor_group_ids: [],
  });
  return { api, line, group };
}

/** Adds an operator to a group and gives the operator's id. */
export async function hire(api: Api, person: typeof operator, group: Company["group"]): Promise<string> {
  const roles = await api.get<{ items: { id: string; key: string }[] }>("/roles");
  const role_id = roles.items.find((role) => role.key === "operator")?.id;
  const place = { role_id, group_ids: [group.id], locale: "ru", time_zone: "Europe/Moscow" };
  return (await api.post<{ id: string }>("/users", { ...person, ...place })).id;
}

/** Connects the line to support@desk.test, waits until the server reads it and gives the mailbox's id. */
export async function connectMailbox(company: Company, mail: MailServers): Promise<string> {
  const { api, line } = company;
  const { imaps_port, submission_port, password } = mail.settings;
  const login = "support@desk.test";
  const mailbox = await api.post<{ id: string }>("/mailboxes", {
    line_id: line.id,
    name: "Почта поддержки",
    address: login,
    from_name: "Поддержка Ромашки",
    preset: "custom",
    imap: { host: "127.0.0.1", port: imaps_port, security: "tls", login },
    smtp: { host: "127.0.0.1", port: submission_port, security: "starttls", login },
    auth: "password",
    password,
    poll_seconds: 60,
  });
  await until("the mailbox to be connected", async () => {
    const { state, state_reason } = await api.get<{ state: string; state_reason: string | null }>(
      `/mailboxes/${mailbox.id}`,
    );
    if (state === "broken") throw new Error(state_reason ?? state);
    return state === "active";
  });
  return mailbox.id;
}
