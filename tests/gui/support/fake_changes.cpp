// SPDX-License-Identifier: GPL-3.0-or-later
// The services by which clusters are changed, and what tells of it.
#include "tests/gui/support/fake_session.h"

namespace ifrit::tests {

services::CallHandle FakeReleases::create(const domain::ReleaseSpec& spec,
                                          const services::Mutation& mutation,
                                          services::Reply<services::ReleaseInfo> reply) {
    return createCalls.add({spec, mutation}, std::move(reply));
}

services::CallHandle FakeReleases::plan(const std::string& releaseId,
                                        services::Reply<services::ReleasePlan> reply) {
    return planCalls.add(releaseId, std::move(reply));
}

services::CallHandle FakeReleases::act(const services::ReleaseAct& request,
                                       services::Reply<services::ReleaseInfo> reply) {
    return actCalls.add(request, std::move(reply));
}

services::CallHandle FakeReleases::get(const std::string& releaseId,
                                       services::Reply<services::ReleaseInfo> reply) {
    return getCalls.add(releaseId, std::move(reply));
}

services::CallHandle FakeReleases::list(
    const services::ReleaseQuery& query,
    services::Reply<services::Page<services::ReleaseInfo>> reply) {
    return listCalls.add(query, std::move(reply));
}

services::CallHandle FakeReleases::machines(
    const services::ReleaseMachinesQuery& query,
    services::Reply<services::Page<services::ReleaseMachine>> reply) {
    return machineCalls.add(query, std::move(reply));
}

services::CallHandle FakeReleases::timeline(
    const std::string& releaseId, const services::PageRequest& page,
    services::Reply<services::Page<services::TimelineEntry>> reply) {
    timelinePage = page;
    return timelineCalls.add(releaseId, std::move(reply));
}

services::CallHandle FakeReleases::watch(const std::string& releaseId, std::uint64_t atLeast,
                                         services::StreamObserver<services::ReleaseInfo> observer) {
    watchedAtLeast = atLeast;
    return releaseWatch.add(releaseId, std::move(observer));
}

services::CallHandle FakeCampaigns::import(const std::string& document, Import how,
                                           const services::Mutation& mutation,
                                           services::Reply<services::CampaignInfo> reply) {
    return changes.add({how == Import::Validate ? "validate" : "import", document, mutation},
                       std::move(reply));
}

services::CallHandle FakeCampaigns::get(const std::string& id,
                                        services::Reply<services::CampaignInfo> reply) {
    return gets.add(id, std::move(reply));
}

services::CallHandle FakeCampaigns::list(
    const services::PageRequest& page,
    services::Reply<services::Page<services::CampaignInfo>> reply) {
    return lists.add(page.token, std::move(reply));
}

services::CallHandle FakeCampaigns::prepare(const std::string& id,
                                            const services::Mutation& mutation,
                                            services::Reply<services::CampaignInfo> reply) {
    return changes.add({"prepare", id, mutation}, std::move(reply));
}

services::CallHandle FakeCampaigns::present(const std::string& id,
                                            const services::SignedReceipt& receipt,
                                            const services::Mutation& mutation,
                                            services::Reply<services::CampaignInfo> reply) {
    return changes.add({"present " + receipt.receipt, id, mutation}, std::move(reply));
}

services::CallHandle FakeCampaigns::receipt(const std::string& id,
                                            services::Reply<services::ReceiptInfo> reply) {
    return receipts.add(id, std::move(reply));
}

services::CallHandle FakeCampaigns::start(const std::string& id, const std::string& planId,
                                          const services::Mutation& mutation,
                                          services::Reply<services::CampaignInfo> reply) {
    return changes.add({"start " + planId, id, mutation}, std::move(reply));
}

services::CallHandle FakeCampaigns::abort(const std::string& id, const services::Mutation& mutation,
                                          services::Reply<services::CampaignInfo> reply) {
    return changes.add({"abort", id, mutation}, std::move(reply));
}

services::CallHandle FakeAudit::list(const services::AuditQuery& query,
                                     services::Reply<services::Page<services::AuditRow>> reply) {
    return listCalls.add(query, std::move(reply));
}

services::CallHandle FakeAudit::verify(const Rows& rows,
                                       services::Reply<services::AuditVerification> reply) {
    return verifyCalls.add(rows, std::move(reply));
}

services::CallHandle FakeAudit::head(const Rows& rows,
                                     services::Reply<services::AuditHeads> reply) {
    return headCalls.add(rows, std::move(reply));
}

services::CallHandle FakeAudit::read(std::uint64_t afterId,
                                     services::Reply<std::vector<services::AuditRow>> reply) {
    return readCalls.add(afterId, std::move(reply));
}

services::CallHandle FakeAccess::listUsers(services::Reply<std::vector<services::UserInfo>> reply) {
    return userCalls.add({}, std::move(reply));
}

services::CallHandle FakeAccess::createUser(const services::NewUser& user,
                                            services::Reply<services::MadePassword> reply) {
    return createCalls.add(user, std::move(reply));
}

services::CallHandle FakeAccess::setPassword(const services::PasswordChange& change,
                                             services::Reply<services::MadePassword> reply) {
    return passwordCalls.add(change, std::move(reply));
}

services::CallHandle FakeAccess::setRole(const std::string& user, services::UserRole role,
                                         const services::Mutation& mutation,
                                         services::Reply<services::UserInfo> reply) {
    lastRole = role;
    return roleCalls.add({user, mutation}, std::move(reply));
}

services::CallHandle FakeAccess::disableUser(const std::string& user,
                                             const services::Mutation& mutation,
                                             services::Reply<services::UserInfo> reply) {
    return disableCalls.add({user, mutation}, std::move(reply));
}

services::CallHandle FakeAccess::enableUser(const std::string& user,
                                            const services::Mutation& mutation,
                                            services::Reply<services::UserInfo> reply) {
    return enableCalls.add({user, mutation}, std::move(reply));
}

services::CallHandle FakeAccess::removeUser(const std::string& user,
                                            const services::Mutation& mutation,
                                            services::Done done) {
    return removeCalls.add({user, mutation}, std::move(done));
}

services::CallHandle FakeAccess::listGrants(const std::string& user,
                                            services::Reply<services::GrantList> reply) {
    return grantCalls.add(user, std::move(reply));
}

services::CallHandle FakeAccess::giveGrant(const domain::Grant& grant,
                                           const services::Mutation& mutation,
                                           services::Reply<services::GrantInfo> reply) {
    return giveCalls.add({grant, mutation}, std::move(reply));
}

services::CallHandle FakeAccess::takeGrant(const std::string& id,
                                           const services::Mutation& mutation,
                                           services::Done done) {
    return takeCalls.add({id, mutation}, std::move(done));
}

services::CallHandle FakeAccess::checkAccess(const services::AccessQuestion& question,
                                             services::Reply<services::AccessAnswer> reply) {
    return checkCalls.add(question, std::move(reply));
}

services::CallHandle FakeAccess::listTokens(
    const std::string& user, services::Reply<std::vector<services::TokenInfo>> reply) {
    return tokenCalls.add(user, std::move(reply));
}

services::CallHandle FakeAccess::createToken(const services::NewToken& token,
                                             services::Reply<services::MadeToken> reply) {
    return createTokenCalls.add(token, std::move(reply));
}

services::CallHandle FakeAccess::revokeTokens(const services::Revocation& which,
                                              services::Reply<std::uint32_t> reply) {
    return revokeTokenCalls.add(which, std::move(reply));
}

services::CallHandle FakeAccess::listCertificates(
    const std::string& user, services::Reply<std::vector<services::CertificateInfo>> reply) {
    return certificateCalls.add(user, std::move(reply));
}

services::CallHandle FakeAccess::issueCertificate(
    const std::string& user, const std::string& csrPem, const services::Mutation& mutation,
    services::Reply<services::IssuedCertificate> reply) {
    issueMutation = mutation;
    return issueCalls.add({user, csrPem}, std::move(reply));
}

services::CallHandle FakeAccess::revokeCertificates(const services::Revocation& which,
                                                    services::Reply<std::uint32_t> reply) {
    return revokeCertificateCalls.add(which, std::move(reply));
}

services::CallHandle FakeAccess::revokeMachine(const std::string& uuid,
                                               const services::Mutation& mutation,
                                               services::Reply<std::uint32_t> reply) {
    return revokeMachineCalls.add({uuid, mutation}, std::move(reply));
}

}  // namespace ifrit::tests
