// Line icons on a 24 grid, drawn for the widget: each is one path.

const paths = {
  chat: "M20.5 11.5c0 4.1-3.8 7.5-8.5 7.5-1.2 0-2.4-.2-3.4-.6L4 20l1.2-3.8a7 7 0 0 1-1.7-4.7C3.5 7.4 7.3 4 12 4s8.5 3.4 8.5 7.5Z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  back: "M14.5 6l-6 6 6 6",
  next: "M9.5 6l6 6-6 6",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clip: "M19.5 11.5l-7.8 7.8a4.7 4.7 0 0 1-6.6-6.6l8-8a3.1 3.1 0 0 1 4.4 4.4l-8 8a1.6 1.6 0 0 1-2.2-2.2l7.2-7.2",
  mail: "M5 5.5h14a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17V7A1.5 1.5 0 0 1 5 5.5ZM4 7l8 6 8-6",
  file: "M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5ZM13.5 3.5v5h5",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 4v4h-4",
  clock: "M12 3.5a8.5 8.5 0 1 1-.01 0ZM12 7.5V12l3 2",
  /** One tick: the server has it. */
  sent: "M5 12.5l4.5 4.5L19 7.5",
  /** Two: it has arrived. */
  delivered: "M1.5 12.5l4.5 4.5 9-9.5M11 16.5l.5.5 9-9.5",
  star: "M12 3.8l2.55 5.17 5.7.83-4.12 4.02.97 5.68L12 16.82 6.9 19.5l.97-5.68L3.75 9.8l5.7-.83Z",
  telegram: "M20.5 4.5L3.5 11.3l5.2 2 2 6.2 3.1-3.9 4.7 3.4ZM8.7 13.3l8-5.8-6 7.3",
  phone:
    "M12 3.8a8.2 8.2 0 0 0-7 12.4l-1 4 4.1-1A8.2 8.2 0 1 0 12 3.8ZM9 8.5c-.3 3.3 3.2 6.8 6.5 6.5l.6-1.7-2.1-1-.9.9c-1-.5-1.8-1.3-2.3-2.3l.9-.9-1-2.1Z",
};

export type IconName = keyof typeof paths;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" class={`icon icon-${name}`} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** Messengers by their shapes; an unknown one gets the speech bubble. */
const channels: Record<string, IconName> = {
  mail: "mail",
  email: "mail",
  form: "mail",
  telegram: "telegram",
  whatsapp: "phone",
  viber: "phone",
};

export function channelIcon(kind: string): IconName {
  return channels[kind] ?? "chat";
}
