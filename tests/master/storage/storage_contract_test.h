// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {

/// The contract suite as slots of Qt Test. Each engine's test inherits it and says how an empty
/// database of that engine is opened.
class StorageContractTest : public QObject {
    Q_OBJECT

protected:
    /// Called once for each slot; everything that it opens is one database, empty at first.
    virtual OpenDatabase opener() = 0;

private Q_SLOTS:
    void errorLeavesNothing() { checkErrorLeavesNothing(opener()); }
    void failedStatementDoomsTransaction() { checkFailedStatementDoomsTransaction(opener()); }
    void readCannotWrite() { checkReadCannotWrite(opener()); }
    void nestedTransactionIsRefused() { checkNestedTransactionIsRefused(opener()); }
    void writersFromManyThreads() { checkWritersFromManyThreads(opener()); }
    void chainsFromManyThreads() { checkChainsFromManyThreads(opener()); }
    void exceptionLeavesNothing() { checkExceptionLeavesNothing(opener()); }
    void readIsOneView() { checkReadIsOneView(opener()); }
    void textOfColumns() { checkTextOfColumns(opener()); }
    void textOfKeys() { checkTextOfKeys(opener()); }
    void textOfLabels() { checkTextOfLabels(opener()); }
    void textOfReleases() { checkTextOfReleases(opener()); }
    void machineRoundTrip() { checkMachineRoundTrip(opener()); }
    void reportDeltas() { checkReportDeltas(opener()); }
    void anOlderReportReplacesNothing() { checkAnOlderReportReplacesNothing(opener()); }
    void anEndedStreamReplacesNothing() { checkAnEndedStreamReplacesNothing(opener()); }
    void aFullReportStoresNoEventTwice() { checkAFullReportStoresNoEventTwice(opener()); }
    void aFullReportIsHeldAgainstTheNewestEvents() {
        checkAFullReportIsHeldAgainstTheNewestEvents(opener());
    }
    void reportsInBulk() { checkReportsInBulk(opener()); }
    void machinePagesAndFilters() { checkMachinePagesAndFilters(opener()); }
    void machineEvents() { checkMachineEvents(opener()); }
    void eventsGoByWhenTheyCame() { checkEventsGoByWhenTheyCame(opener()); }
    void eventsGoInPieces() { checkEventsGoInPieces(opener()); }
    void lastSeenAndErase() { checkLastSeenAndErase(opener()); }
    void clearKnownBad() { checkClearKnownBad(opener()); }
    void packageRoundTrip() { checkPackageRoundTrip(opener()); }
    void packageListHasNoManifests() { checkPackageListHasNoManifests(opener()); }
    void packageVersionNeverChanges() { checkPackageVersionNeverChanges(opener()); }
    void packageInUseStays() { checkPackageInUseStays(opener()); }
    void publisherKeys() { checkPublisherKeys(opener()); }
    void desiredRows() { checkDesiredRows(opener()); }
    void whomPackagesAreDesiredFor() { checkWhomPackagesAreDesiredFor(opener()); }
    void generationGrows() { checkGenerationGrows(opener()); }
    void releaseRoundTrip() { checkReleaseRoundTrip(opener()); }
    void oneRunningReleasePerAgentAndType() { checkOneRunningReleasePerAgentAndType(opener()); }
    void releaseProgressAndTimeline() { checkReleaseProgressAndTimeline(opener()); }
    void machinesThatChangeAlike() { checkMachinesThatChangeAlike(opener()); }
    void releaseHistoryGoesInParts() { checkReleaseHistoryGoesInParts(opener()); }
    void whatStandsOnARelease() { checkWhatStandsOnARelease(opener()); }
    void aRollbackBehindAnother() { checkARollbackBehindAnother(opener()); }
    void operatorsAndSessions() { checkOperatorsAndSessions(opener()); }
    void theAuditHeadOrdersDecisions() { checkTheAuditHeadOrdersDecisions(opener()); }
    void joinTokens() { checkJoinTokens(opener()); }
    void certificates() { checkCertificates(opener()); }
    void settingsAreWrittenOnce() { checkSettingsAreWrittenOnce(opener()); }
    void auditRowsAndHead() { checkAuditRowsAndHead(opener()); }
    void requestIds() { checkRequestIds(opener()); }
    void leaseIsOneRow() { checkLeaseIsOneRow(opener()); }
    void members() { checkMembers(opener()); }
    void changesAreNoted() { checkChangesAreNoted(opener()); }
    void changesArePruned() { checkChangesArePruned(opener()); }
    void machinesInBulk() { checkMachinesInBulk(opener()); }
    void permits() { checkPermits(opener()); }
    void freezes() { checkFreezes(opener()); }
    void campaigns() { checkCampaigns(opener()); }
    void grants() { checkGrants(opener()); }
    void presences() { checkPresences(opener()); }
    void presencesInBulk() { checkPresencesInBulk(opener()); }
    void sessionsAreListed() { checkSessionsAreListed(opener()); }
    void oneCertificateIsRevoked() { checkOneCertificateIsRevoked(opener()); }
};

}  // namespace ifrit::master::storage
