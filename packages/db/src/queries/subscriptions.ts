export * from './subscriptions/billing-events.ts';
export * from './subscriptions/plans.ts';
export * from './subscriptions/subscriptions.ts';
