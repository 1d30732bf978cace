// Every sentence of the widget in both languages. A site's administrator may replace any of them by its key.

import type { Config, Language } from "./types.ts";

const ru = {
  open: "Открыть чат",
  open_unread: "Открыть чат, непрочитанных: {count}",
  close: "Закрыть чат",
  back: "Назад",
  menu: "Действия",
  online: "На связи",
  away: "Сейчас не на связи",
  start: "Начать чат",
  optional: "необязательно",
  field_name: "Имя",
  field_email: "Эл. почта",
  field_phone: "Телефон",
  field_message: "Сообщение",
  field_required: "Заполните это поле",
  email_wrong: "Проверьте адрес: похоже, в нём опечатка",
  phone_wrong: "Проверьте номер: в нём должно быть не меньше 7 цифр",
  consent_required: "Без согласия мы не можем начать разговор",
  consent_policy: "Подробнее",
  chat_title: "Написать в чат",
  chat_hint: "Ответим прямо здесь",
  mail_title: "Оставить сообщение",
  mail_hint: "Ответим на почту",
  mail_send: "Отправить",
  mail_sent: "Сообщение у нас. Ответ придёт на {email} и появится здесь.",
  continue_title: "Продолжить разговор",
  opens_new: "откроется в новой вкладке",
  composer: "Ваше сообщение",
  composer_placeholder: "Напишите сообщение…",
  send: "Отправить",
  attach: "Прикрепить файл",
  drop: "Отпустите, чтобы прикрепить",
  remove_file: "Убрать файл {name}",
  retry_file: "Загрузить {name} ещё раз",
  uploading: "Загружаем {name}, {percent}%",
  file_too_large: "{name}: файл больше {limit}",
  file_empty: "{name}: файл пустой",
  file_failed: "{name}: не загрузился",
  wait_files: "Файлы ещё загружаются",
  edit: "Изменить",
  delete: "Удалить",
  delete_question: "Удалить сообщение?",
  cancel: "Отмена",
  editing: "Правка сообщения",
  save: "Сохранить",
  edited: "изменено",
  by_mail: "письмом на почту",
  group: "Общий разговор «{name}»",
  deleted: "Сообщение удалено",
  message_actions: "Действия с сообщением",
  state_waiting: "Ждёт отправки",
  state_sent: "Отправлено",
  state_delivered: "Доставлено",
  state_read: "Прочитано",
  retry: "Отправить ещё раз",
  drop_message: "Убрать",
  offline: "Нет связи, отправим, как только появится",
  connecting: "Восстанавливаем связь…",
  failed: "Не получилось. Попробуйте ещё раз.",
  load_failed: "Не получилось загрузить переписку",
  try_again: "Повторить",
  older: "Показать более ранние",
  typing: "{name} печатает",
  typing_someone: "Вам отвечают",
  new_message: "Новое сообщение",
  jump: "К последним сообщениям",
  you: "Вы",
  today: "Сегодня",
  yesterday: "Вчера",
  sound_on: "Включить звук",
  sound_off: "Выключить звук",
  finish: "Завершить разговор",
  finish_question: "Завершить разговор? Переписка останется, и вы сможете написать снова.",
  finished: "Разговор завершён",
  rate: "Как вам помогли?",
  star: "{count} из 5",
  rate_comment: "Что понравилось, а что нет? Необязательно",
  rate_send: "Оценить",
  rate_later: "Не сейчас",
  rated: "Спасибо за оценку",
  leave_email: "Если уйдёте со страницы, куда прислать ответ?",
  leave_email_saved: "Ответ придёт и на {email}",
  dismiss: "Скрыть",
  image: "Изображение {name}",
  close_image: "Закрыть изображение",
  voice: "Голосовое сообщение",
  download: "Скачать {name}",
  conversation: "Переписка",
} as const;

export type TextKey = keyof typeof ru;

const en: Record<TextKey, string> = {
  open: "Open chat",
  open_unread: "Open chat, unread: {count}",
  close: "Close chat",
  back: "Back",
  menu: "Actions",
  online: "Online",
  away: "Away right now",
  start: "Start chat",
  optional: "optional",
  field_name: "Name",
  field_email: "Email",
  field_phone: "Phone",
  field_message: "Message",
  field_required: "Please fill this in",
  email_wrong: "Please check the address, it looks mistyped",
  phone_wrong: "Please check the number, it needs at least 7 digits",
  consent_required: "We cannot start without your consent",
  consent_policy: "Read more",
  chat_title: "Chat with us",
  chat_hint: "We answer right here",
  mail_title: "Leave a message",
  mail_hint: "We answer by email",
  mail_send: "Send",
  mail_sent: "We have your message. The answer will come to {email} and appear here.",
  continue_title: "Continue the conversation",
  opens_new: "opens in a new tab",
  composer: "Your message",
  composer_placeholder: "Write a message…",
  send: "Send",
  attach: "Attach a file",
  drop: "Drop to attach",
  remove_file: "Remove {name}",
  retry_file: "Upload {name} again",
  uploading: "Uploading {name}, {percent}%",
  file_too_large: "{name}: larger than {limit}",
  file_empty: "{name}: the file is empty",
  file_failed: "{name}: not uploaded",
  wait_files: "Files are still uploading",
  edit: "Edit",
  delete: "Delete",
  delete_question: "Delete this message?",
  cancel: "Cancel",
  editing: "Editing your message",
  save: "Save",
  edited: "edited",
  by_mail: "sent by mail",
  group: "Shared conversation “{name}”",
  deleted: "Message deleted",
  message_actions: "Message actions",
  state_waiting: "Waiting to be sent",
  state_sent: "Sent",
  state_delivered: "Delivered",
  state_read: "Read",
  retry: "Send again",
  drop_message: "Discard",
  offline: "No connection. We will send it as soon as there is one.",
  connecting: "Reconnecting…",
  failed: "That did not work. Please try again.",
  load_failed: "The conversation could not be loaded",
  try_again: "Try again",
  older: "Show earlier messages",
  typing: "{name} is typing",
  typing_someone: "Somebody is answering you",
  new_message: "New message",
  jump: "To the latest messages",
  you: "You",
  today: "Today",
  yesterday: "Yesterday",
  sound_on: "Turn sound on",
  sound_off: "Turn sound off",
  finish: "End conversation",
  finish_question: "End the conversation? It stays here, and you can write again.",
  finished: "The conversation has ended",
  rate: "How did we do?",
  star: "{count} of 5",
  rate_comment: "What was good, what was not? Optional",
  rate_send: "Rate",
  rate_later: "Not now",
  rated: "Thank you for your rating",
  leave_email: "If you leave this page, where should we send the answer?",
  leave_email_saved: "The answer will also come to {email}",
  dismiss: "Dismiss",
  image: "Image {name}",
  close_image: "Close image",
  voice: "Voice message",
  download: "Download {name}",
  conversation: "Conversation",
};

export const texts: Record<Language, Record<TextKey, string>> = { ru, en };

export type Translate = (key: TextKey, values?: Record<string, string | number>) => string;

export function translator(language: Language, custom?: Config["texts"]): Translate {
  const own = custom?.[language] ?? {};
  return (key, values) => fill(own[key] || texts[language][key], values);
}

function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Languages whose speakers as a rule read Russian better than English. */
const READ_RUSSIAN = /^(ru|be|uk|kk|ky|uz|tg|tk|hy|az|ab|os|tt|ba|cv)\b/i;

/** The first of the wishes (the script's attribute, the configuration, the page, the browser) that says something. */
export function chooseLanguage(...wishes: (string | null | undefined)[]): Language {
  const wish = wishes.find((wish) => wish?.trim());
  return wish && READ_RUSSIAN.test(wish.trim()) ? "ru" : "en";
}

export function size(bytes: number, language: Language): string {
  const units = language === "ru" ? ["Б", "КБ", "МБ", "ГБ"] : ["B", "KB", "MB", "GB"];
  let step = 0;
  let value = bytes;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step++;
  }
  const digits = value < 10 && step > 1 ? 1 : 0;
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${units[step]}`;
}

export function clock(time: string, language: Language): string {
  return new Date(time).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
}

export function day(time: string, language: Language, now: Date, t: Translate): string {
  const date = new Date(time);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return t("today");
  if (date.toDateString() === yesterday.toDateString()) return t("yesterday");
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString(language, { day: "numeric", month: "long", year });
}
