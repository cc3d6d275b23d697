// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "master/storage/database.h"

namespace ifrit::master::storage {

/// Opens a database that was empty before the first call; called again, another connection to the
/// same one, as a second master would have.
using OpenDatabase = std::function<std::unique_ptr<Database>()>;

/// Whose changes those of the opened databases are.
inline constexpr char kContractOrigin[] = "contract";

// The contract of Database and its stores, one function for each promise. Run from a Qt Test slot
// with a fresh database for each: failures are QVERIFY failures of that slot.
void checkErrorLeavesNothing(const OpenDatabase& open);
void checkFailedStatementDoomsTransaction(const OpenDatabase& open);
void checkReadCannotWrite(const OpenDatabase& open);
void checkNestedTransactionIsRefused(const OpenDatabase& open);
void checkWritersFromManyThreads(const OpenDatabase& open);
void checkChainsFromManyThreads(const OpenDatabase& open);
void checkExceptionLeavesNothing(const OpenDatabase& open);
void checkReadIsOneView(const OpenDatabase& open);

void checkTextOfColumns(const OpenDatabase& open);
void checkTextOfKeys(const OpenDatabase& open);
void checkTextOfLabels(const OpenDatabase& open);
void checkTextOfReleases(const OpenDatabase& open);

void checkMachineRoundTrip(const OpenDatabase& open);
void checkReportDeltas(const OpenDatabase& open);
void checkAnOlderReportReplacesNothing(const OpenDatabase& open);
void checkAnEndedStreamReplacesNothing(const OpenDatabase& open);
void checkAFullReportStoresNoEventTwice(const OpenDatabase& open);
void checkAFullReportIsHeldAgainstTheNewestEvents(const OpenDatabase& open);
void checkReportsInBulk(const OpenDatabase& open);
void checkMachinePagesAndFilters(const OpenDatabase& open);
void checkMachineEvents(const OpenDatabase& open);
void checkEventsGoByWhenTheyCame(const OpenDatabase& open);
void checkEventsGoInPieces(const OpenDatabase& open);
void checkLastSeenAndErase(const OpenDatabase& open);
void checkPresences(const OpenDatabase& open);
void checkPresencesInBulk(const OpenDatabase& open);
void checkClearKnownBad(const OpenDatabase& open);

void checkPackageRoundTrip(const OpenDatabase& open);
void checkPackageListHasNoManifests(const OpenDatabase& open);
void checkPackageVersionNeverChanges(const OpenDatabase& open);
void checkPackageInUseStays(const OpenDatabase& open);
void checkPublisherKeys(const OpenDatabase& open);

void checkDesiredRows(const OpenDatabase& open);
void checkWhomPackagesAreDesiredFor(const OpenDatabase& open);
void checkGenerationGrows(const OpenDatabase& open);
void checkReleaseRoundTrip(const OpenDatabase& open);
void checkOneRunningReleasePerAgentAndType(const OpenDatabase& open);
void checkReleaseProgressAndTimeline(const OpenDatabase& open);
void checkMachinesThatChangeAlike(const OpenDatabase& open);
void checkReleaseHistoryGoesInParts(const OpenDatabase& open);
void checkWhatStandsOnARelease(const OpenDatabase& open);
void checkARollbackBehindAnother(const OpenDatabase& open);

void checkOperatorsAndSessions(const OpenDatabase& open);
void checkTheAuditHeadOrdersDecisions(const OpenDatabase& open);
void checkJoinTokens(const OpenDatabase& open);
void checkCertificates(const OpenDatabase& open);
void checkSettingsAreWrittenOnce(const OpenDatabase& open);
void checkAuditRowsAndHead(const OpenDatabase& open);
void checkRequestIds(const OpenDatabase& open);

void checkLeaseIsOneRow(const OpenDatabase& open);
void checkMembers(const OpenDatabase& open);
void checkChangesAreNoted(const OpenDatabase& open);
void checkChangesArePruned(const OpenDatabase& open);
void checkMachinesInBulk(const OpenDatabase& open);
void checkPermits(const OpenDatabase& open);
void checkFreezes(const OpenDatabase& open);
void checkCampaigns(const OpenDatabase& open);
void checkGrants(const OpenDatabase& open);
void checkSessionsAreListed(const OpenDatabase& open);
void checkOneCertificateIsRevoked(const OpenDatabase& open);

}  // namespace ifrit::master::storage
