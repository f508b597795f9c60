/** Module foldos: notifications, and the interrupts and timers that signal them. */
import { i32, type WasiCall, type WasiCalls } from "../wasi/wasi-call.ts";
import { numberIn } from "./answer-fields.ts";
import { answersNothing, answersNumber, kernelTime } from "./call-forms.ts";

const takesBits = (call: "notification_wait" | "notification_poll"): WasiCall =>
  answersNumber(
    "ii",
    (_, args) => ({ call, fd: i32(args, 0) }),
    (event) => numberIn(event, "bits"),
  );

const onlySlot = (call: "notification_signal" | "interrupt_acknowledge" | "timer_disarm"): WasiCall =>
  answersNothing("i", (_, args) => ({ call, fd: i32(args, 0) }));

export const signalCalls: WasiCalls = {
  notification_signal: onlySlot("notification_signal"),
  notification_wait: takesBits("notification_wait"),
  notification_poll: takesBits("notification_poll"),
  interrupt_bind: answersNothing("ii", (_, args) => ({
    call: "interrupt_bind",
    fd: i32(args, 0),
    notification: i32(args, 1),
  })),
  interrupt_acknowledge: onlySlot("interrupt_acknowledge"),
  timer_arm: answersNothing("iil", (_, args) => ({
    call: "timer_arm",
    fd: i32(args, 0),
    notification: i32(args, 1),
    until: kernelTime(args, 2),
  })),
  timer_disarm: onlySlot("timer_disarm"),
};
