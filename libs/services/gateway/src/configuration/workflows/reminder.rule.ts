import { ValidateBy } from 'class-validator';

/** A reminder that comes again and again: a backend that is reminded more often is not helped. */
export const shortestReminderSeconds = 60;
/** Reminders that come at times of their own. */
export const mostReminders = 50;

/** An interval in seconds, or a list of times in seconds after the answer. */
export const IsReminder = (longest: number): PropertyDecorator =>
  ValidateBy({
    name: 'isReminder',
    validator: {
      validate: (value) =>
        Array.isArray(value) ? areTimes(value, longest) : isTime(value, shortestReminderSeconds, longest),
      defaultMessage: () =>
        `$property must be an interval of ${shortestReminderSeconds} to ${longest} seconds, or a list of 1 to ` +
        `${mostReminders} times in seconds after the answer`,
    },
  });

const areTimes = (values: readonly unknown[], longest: number): boolean =>
  values.length > 0 && values.length <= mostReminders && values.every((value) => isTime(value, 1, longest));

const isTime = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
