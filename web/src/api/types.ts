// Names of the API's shapes, as the rest of the application imports them. They come from the generated `schema.ts`; do not import that directly.
// By hand is only what the document cannot say: generic lists, the names of permissions, the pause of a problem (a header).
import type { components, operations } from "./schema.ts";

type Schemas = components["schemas"];
type ListQuery = NonNullable<operations["list_conversations"]["parameters"]["query"]>;

export type Id = string;

/** Any `Page_…` of the document. */
export interface Page<T> {
  items: T[];
  next: string | null;
}
/** Any list that comes whole. */
export interface Items<T> {
  items: T[];
}

/** RFC 9457. */
export type Problem = Schemas["Problem"] & {
  /** Seconds to wait, from the header Retry-After. */
  retry_after?: number;
};

/** The document says `string`: a role or a token may hold names that this version of the pages does not know. */
export type Permission =
  | "conversations.view"
  | "conversations.reply"
  | "conversations.note"
  | "conversations.assign"
  | "conversations.close"
  | "conversations.create"
  | "conversations.export"
  | "contacts.view"
  | "contacts.edit"
  | "tickets.view"
  | "tickets.edit"
  | "tickets.override"
  | "outages.manage"
  | "canned_replies.manage"
  | "lines.manage"
  | "lines.all"
  | "channels.manage"
  | "users.manage"
  | "jobs.manage"
  | "quarantine.manage"
  | "tokens.own"
  | "settings.manage";

export type Locale = Schemas["Language"];
export type Theme = Schemas["Theme"];
export type Me = Schemas["Me"];
export type MePatch = Schemas["MePatch"];
export type SetupState = Schemas["Setup"];
export type Setup = Schemas["NewInstallation"];
export type Session = Schemas["Session"];
export type Token = Schemas["Token"];
export type NewToken = Schemas["NewToken"];

export type CompanySettings = Schemas["Company"];
export type Person = Schemas["StaffRef"];
export type User = Schemas["User"];
export type NewUser = Schemas["NewUser"];
export type UserPatch = Schemas["AccountPatch"];
export type Operator = Schemas["Operator"];
export type Role = Schemas["Role"];
export type Group = Schemas["Group"];
export type Line = Schemas["Line"];
export type NewLine = Schemas["NewLine"];

export type View = NonNullable<ListQuery["view"]>;
export type Sort = NonNullable<ListQuery["sort"]>;
export type Priority = Schemas["Priority"];
export type ContactRef = Schemas["ContactRef"];
export type ConversationRow = Schemas["ConversationRow"];
export type Conversation = Schemas["Conversation"] & {
  visit?: Visit | null;
  rating?: Rating | null;
  source?: { id: Id; name: string } | null;
};
export type NewConversation = Schemas["StartConversation"];
export type Counters = Schemas["Counters"];
export type Address = Schemas["Address"];
export type Attachment = Schemas["Attachment"];
export type Draft = Schemas["Draft"];
export type CannedReply = Schemas["CannedReply"];
export type FilledReply = Schemas["FilledReply"];
export type Message = Schemas["Message"];
export type GroupMember = Schemas["GroupMember"];
export type NewMessage = Schemas["NewMessage"];
export type UndoneMessage = Schemas["TakenBack"];
export type MessageSource = Schemas["Source"];
/** By hand: the document has two shapes called `Source`, and keeps the other one. */
export interface ContactSource {
  id: Id;
  name: string;
  archived: boolean;
}
export interface Visit {
  page_url: string;
  page_title: string;
  referrer: string;
  utm: Record<string, string>;
  user_agent: string;
  address: string;
  locale: string;
  time_zone: string;
  fields: Record<string, string>;
}
export interface Rating {
  /** 1 to 5. */
  stars: number;
  comment: string;
  staff_comment: string;
  staff_id: Id | null;
  rated_at: string;
}
export interface BlockRule {
  id: Id;
  kind: "email" | "phone" | "account" | "address" | "term";
  pattern: string;
  allow: boolean;
  note: string;
  hits: number;
  last_hit_at: string | null;
  created_at: string;
  until: string | null;
  line_ids: Id[] | null;
}
export type ClientTimeline = Schemas["ClientTimeline"];
export type TimelineEvent = Schemas["HistoryEvent"];
export type TimelineItem = Schemas["TimelineItem"];
export type SearchHit = Schemas["FoundConversation"];

export type Contact = Schemas["Contact"];
export type Ticket = Schemas["Ticket"];
export type TicketWaiting = Schemas["TicketWaiting"];
export type TicketSolution = Schemas["TicketSolution"];
export type NewTicket = Schemas["NewTicket"];
export type TicketType = Schemas["TicketType"];
export type TicketStatus = Schemas["TicketStatus"];
export type RegisteredTicket = Schemas["RegisteredTicket"];
export type TicketHistory = Schemas["TicketHistory"];
export type TicketEvent = Schemas["TicketEvent"];
export type Task = Schemas["Task"];
export type TaskCounts = Schemas["TaskCounts"];
type TicketQuery = NonNullable<operations["list_tickets"]["parameters"]["query"]>;
export type TicketFilterStatus = NonNullable<TicketQuery["status"]>;
export type TicketSort = NonNullable<TicketQuery["sort"]>;
export type Service = Schemas["Service"];
export type ServiceCatalogue = Schemas["ServiceCatalogue"];
export type Outage = Schemas["Outage"];
export type OutageKind = Schemas["OutageKind"];
export type OutageExtent = Schemas["OutageExtent"];
export type AvailabilityRow = Schemas["AvailabilityRow"];
export type ClientCategory = Schemas["ClientCategory"];
export type TariffPlan = Schemas["TariffPlan"];
export type ClientTariff = Schemas["ClientTariff"];

export type ChannelKindName = Schemas["ConversationChannel"];
export type Channel = Schemas["Channel"];
export type ChannelState = Schemas["ChannelState"];
export type ChannelKind = Schemas["ChannelKind"];
export type ChannelField = Omit<Schemas["ChannelField"], "default"> & { default: unknown };
export type ChannelCapabilities = Schemas["ChannelCapabilities"];
export type ChannelHealth = Schemas["ChannelHealth"];
export type ChannelUpdate = Schemas["ChannelUpdate"];
export type UpdateState = Schemas["UpdateState"];
export type TestedChannel = Schemas["TestedChannel"];
export type Template = Schemas["ChannelTemplate"];
export type OpenedChat = Schemas["OpenedChat"];
export type PhoneChannel = Schemas["PhoneChannel"];
export type ChatRules = Required<Schemas["ChatRules"]>;
export type Route = Schemas["ClientRoute"];
export type KeyboardButton = Schemas["Button"];
export type Quote = Schemas["QuotedMessage"];
export type Identity = Schemas["Identity"];
export type Delivery = Schemas["DeliveryState"];

export type Security = Schemas["MailSecurity"];
export type Mailbox = Schemas["Mailbox"];
export type MailboxState = Schemas["MailboxState"];
export type NewMailbox = Schemas["NewMailbox"];
export type MailboxPatch = Schemas["MailboxPatch"];
export type MailboxPreset = Schemas["PresetSettings"];
export type Check = Schemas["Check"];
export type MailboxTest = Schemas["ConnectionTest"];
export type LedgerOutcome = Schemas["LedgerOutcome"];
export type LedgerRow = Schemas["LedgerRow"];
export type QuarantineItem = Schemas["QuarantineItem"];
export type QuarantineDetail = Schemas["QuarantinedMessage"];
export type QuarantineRetry = Schemas["RetryResult"];
export type ConversationLink = Schemas["LedgerConversation"];
export type Job = Schemas["Job"];
export type JobState = Schemas["JobState"];
export type JobCounters = Schemas["Counts"];

export type Notification = Schemas["Notification"];
export type NotificationCount = Schemas["NotificationCount"];
export type NotificationKind = Schemas["NotificationKind"];
export type NotificationPreferences = Schemas["NotificationPreferences"];
export type KindPreference = Schemas["KindPreference"];
export type NewNotificationPreferences = Schemas["NewNotificationPreferences"];
export type PushDevice = Schemas["PushDevice"];
export type ConversationRef = Schemas["ConversationRef"];
export type WebForm = Schemas["Form"];
export type NewWebForm = Schemas["NewForm"];
export type WebFormPatch = Schemas["FormChange"];
export type FormDefinition = Schemas["FormDefinition"];
export type FormField = Schemas["FormField"];
export type FormFieldType = Schemas["FormFieldType"];
export type FormFieldMeaning = Schemas["FormFieldMeaning"];
export type FormSubmission = Schemas["FormSubmission"];

export type Schedule = Schemas["Schedule"];
export type ScheduleDefinition = Schemas["ScheduleDefinition"];
export type ScheduleInterval = Schemas["ScheduleInterval"];
export type ScheduleWeekday = Schemas["ScheduleWeekday"];
export type ScheduleSpecialDay = Schemas["ScheduleSpecialDay"];
export type SchedulePreview = Schemas["SchedulePreview"];
export type SchedulePreviewRequest = Schemas["SchedulePreviewRequest"];
export type ProductionCalendar = Schemas["ProductionCalendar"];
export type Due = Schemas["Due"];
export type DueNorm = Schemas["DueNorm"];
export type SlaPolicy = Schemas["SlaPolicy"];
export type SlaDefinition = Schemas["SlaDefinition"];
export type SlaNorms = Schemas["SlaNorms"];
export type SlaExtraNorms = Schemas["SlaExtraNorms"];
export type SlaShare = Schemas["SlaShare"];
export type SlaStep = Schemas["SlaStep"];
export type SlaChangePreview = Schemas["SlaChangePreview"];
export type SlaClock = Schemas["SlaClock"];
export type SlaClockEntry = Schemas["SlaClockEntry"];
export type SlaSegment = Schemas["SlaSegment"];
export type SlaNormFigures = Schemas["SlaNormFigures"];
export type SlaCase = Schemas["SlaCase"];
export type SlaCause = Schemas["SlaCause"];
export type SlaReport = Schemas["SlaReport"];
export type SlaServiceFigures = Schemas["SlaServiceFigures"];
export type SlaPersonFigures = Schemas["SlaPersonFigures"];
export type SlaRecord = Schemas["SlaRecord"];
export type HeldPolicy = Schemas["HeldPolicy"];
export type SlaStepTask = Schemas["SlaStepTask"];
export type Ola = Schemas["Ola"];
export type OlaDefinition = Schemas["OlaDefinition"];
export type ProcessingRoute = Schemas["Route"];
export type RouteDefinition = Schemas["RouteDefinition"];
export type RouteStageDefinition = Schemas["RouteStageDefinition"];
export type TicketRoutes = Schemas["TicketRoutes"];
export type RouteRun = Schemas["RouteRun"];
export type RouteStage = Schemas["RouteStage"];
export type StageReport = Schemas["StageReport"];
export type StageCase = Schemas["StageCase"];
export type SlaSubject = Schemas["SlaSubject"];
export type ServicesSla = Schemas["ServicesSla"];
export type ClientCompany = Schemas["ClientCompany"];
export type Client = Schemas["Client"];
export type ClientList = Schemas["ClientList"];
export type ClientInfo = Schemas["ClientInfo"];
export type ContactDetails = Schemas["ContactDetails"];
export type FoundMessages = Schemas["FoundMessages"];
export type Favourites = Schemas["Favourites"];
export type Property = Schemas["PropertyValue"];
export type PropertyDefinition = Schemas["PropertyDefinition"];
export type LinePanel = Schemas["LinePanel"];
export type PanelBlockName = LinePanel["blocks"][number]["block"];
