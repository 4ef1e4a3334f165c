/** Exports that the oracle has no case for, and why. A new export needs a case, or a line here. */
export const outside: Record<string, readonly string[]> = {
  'acts for no user: for a worker, an operator or the sign-in, which the caller guards': [
    ...['appendActivityLogs', 'appendApiMetrics', 'appendErrorLogs', 'appendSystemLogs'],
    ...['closeDb', 'createDb'],
    ...['consumeVerificationToken', 'createUser', 'deleteUnusedFiles', 'getUserByEmail'],
    ...['getPlan', 'requirePlan', 'listPlans', 'upsertPlan', 'interruptStaleMessages'],
    ...['issueDeviceToken', 'issueMcpToken', 'issueRefreshToken', 'issueSession'],
    ...['issueVerificationToken', 'listActivity', 'listBillingEvents', 'listErrorLogs'],
    ...['listStorageDrift', 'listSystemLogs', 'listenToChannels', 'notify'],
    ...['processBillingEvent', 'promoteAdmin', 'purgeLogs', 'purgeRefreshTokens'],
    ...['purgeSessions', 'purgeTrash', 'raiseTokenVersion', 'reconcileStorage'],
    ...['recordEmailOutcome', 'revokeRefreshTokens', 'rotateProviderKeys'],
    ...['rotateRefreshToken', 'summarizeApiMetrics', 'takeQueuedEmails', 'touchSession'],
    ...['upsertSubscription', 'verifyDeviceToken', 'verifyMcpToken', 'verifyPassword'],
    ...['verifySession', 'forgetInAuditTrail', 'listAuditAnchors', 'pruneAuditTrail'],
    ...[
      'openShareLink',
      'purgePageVersions',
      'eraseUser',
      'exportUser',
      'redactInAuditTrail',
      'closeAccount',
    ],
    'verifyAuditTrail',
  ],
  'compared with the model by itself': ['getPageAccess', 'getAccessToPages'],
  'asks the database nothing': ['assembleTree', 'hasEmail'],
};
