// Shapes of rules as these pages call them; they come from the generated schema.
import type { components } from "@/api/schema.ts";

type Schemas = components["schemas"];

export type Attribute = Schemas["RoutingAttribute"];
export type Rule = Schemas["RoutingRule"];
export type NewRule = Schemas["NewRoutingRule"];
export type Target = Schemas["RoutingTarget"];
export type TargetKind = Target["kind"];
export type Overflow = Schemas["RoutingOverflow"];
export type Settings = Required<Schemas["RoutingSettingsOfRule"]>;
export type Fallback = Required<Schemas["RoutingDefault"]>;
export type Skill = Schemas["Skill"];
export type Verdict = Schemas["RoutingVerdict"];
export type Simulation = Schemas["RoutingSimulation"];
export type SimulationResult = Schemas["RoutingSimulationResult"];
export type Message = Schemas["SimulatedMessage"];
export type Replay = Schemas["RoutingReplay"];
export type ReplayResult = Schemas["RoutingReplayResult"];
export type Difference = Schemas["RoutingReplayDifference"];
export type Rules = Schemas["RoutingRules"];
