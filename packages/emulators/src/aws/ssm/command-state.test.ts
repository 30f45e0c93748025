import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { absoluteLimit, invocationStatus, isTerminal, summarise } from './command-state.ts';
import type { InvocationState } from './command-state.ts';

const terminal: InvocationState[] = [
  'Success',
  'DeliveryTimedOut',
  'ExecutionTimedOut',
  'Failed',
  'Cancelled',
  'Undeliverable',
  'Terminated',
];
const live: InvocationState[] = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];
const anyStates = fc.array(fc.constantFrom(...terminal, ...live), { maxLength: 60 });

function detailsOf(states: InvocationState[], maxErrors = 0, cancelled = false): string {
  return summarise({ states, maxErrors, cancelled }).details;
}

describe('the status of a command', () => {
  it('is Success for four undeliverable hosts and one success', () => {
    expect(detailsOf([...Array<InvocationState>(4).fill('Undeliverable'), 'Success'])).toBe(
      'Success',
    );
    expect(detailsOf(['Undeliverable', 'Undeliverable'])).toBe('Failed');
  });

  it.each<[InvocationState[], number, string]>([
    [['Success', 'Success'], 0, 'Success'],
    [['Success', 'Failed'], 0, 'Failed'],
    [['Success', 'ExecutionTimedOut'], 0, 'Failed'],
    [['Success', 'Failed'], 1, 'Incomplete'],
    [['Success', 'Failed', 'Terminated'], 1, 'Incomplete'],
    [['Success', 'DeliveryTimedOut'], 0, 'DeliveryTimedOut'],
    [['Success', 'DeliveryTimedOut'], 5, 'Incomplete'],
    [['Pending', 'Delayed'], 0, 'Pending'],
    [['Success', 'Pending'], 0, 'InProgress'],
    [[], 0, 'NoInstancesInTag'],
  ])('of %j with %i errors allowed is %s', (states, maxErrors, expected) => {
    expect(detailsOf(states, maxErrors)).toBe(expected);
  });

  it('tells a cancelled command only while or after something was cancelled', () => {
    expect(detailsOf(['Success', 'Cancelling'], 0, true)).toBe('Cancelling');
    expect(detailsOf(['Success', 'Cancelled'], 0, true)).toBe('Cancelled');
    expect(detailsOf(['Success', 'Success'], 0, true)).toBe('Success');
  });

  it('counts every target once, and delivery problems never as errors', () => {
    fc.assert(
      fc.property(anyStates, fc.nat(60), (states, maxErrors) => {
        const summary = summarise({ states, maxErrors, cancelled: false });
        expect(summary.targets).toBe(states.length);
        expect(summary.completed).toBe(states.filter(isTerminal).length);
        expect(summary.errors + summary.deliveryTimedOut).toBeLessThanOrEqual(summary.completed);
        const undelivered: InvocationState[] = ['DeliveryTimedOut', 'Undeliverable'];
        const delivered = states.filter((state) => !undelivered.includes(state));
        expect(summary.errors).toBe(
          summarise({ states: delivered, maxErrors, cancelled: false }).errors,
        );
      }),
    );
  });

  it('is terminal exactly when every invocation is', () => {
    const open = ['Pending', 'InProgress', 'Cancelling'];
    fc.assert(
      fc.property(anyStates, fc.boolean(), (states, cancelled) => {
        const { status } = summarise({ states, maxErrors: 0, cancelled });
        expect(open.includes(status)).toBe(!states.every(isTerminal));
      }),
    );
  });
});

describe('an invocation', () => {
  it('shows its details in fewer words as status', () => {
    const known = [
      'Pending',
      'InProgress',
      'Delayed',
      'Success',
      'Cancelled',
      'TimedOut',
      'Failed',
      'Cancelling',
    ];
    for (const state of [...terminal, ...live]) expect(known).toContain(invocationStatus(state));
  });
});

describe('a limit', () => {
  it('is a number, or a percentage rounded down', () => {
    expect(absoluteLimit('10', 3)).toBe(10);
    expect(absoluteLimit('10%', 50)).toBe(5);
    expect(absoluteLimit('25%', 7)).toBe(1);
  });
});
