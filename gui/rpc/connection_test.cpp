// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/connection_test.h"

#include <absl/time/time.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "gui/rpc/decode.h"
#include "gui/rpc/line_probe.h"
#include "gui/rpc/unary_call.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"

namespace ifrit::gui::rpc {
namespace {

using services::TestStep;
using services::TestStepResult;

/// More of them are counted: the page Permissions names all.
constexpr std::size_t kNamedPermissions = 6;
constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";
// HealthCheckResponse { status = SERVING }, as protobuf writes it.
constexpr char kServing[] = "\x08\x01";

std::string hintFor(const absl::Status& status) {
    if (base::errorInfo(status).reason == "OPERATOR_DISABLED")
        return "ask a super admin of the cluster; to sign in again does not help";
    switch (status.code()) {
        case absl::StatusCode::kUnauthenticated:
            return "the bundle's certificate is not known here or has expired; sign in again or "
                   "import a new bundle";
        case absl::StatusCode::kPermissionDenied:
            return "a super admin of the cluster can grant it";
        case absl::StatusCode::kUnimplemented:
            return "this is not an ifrit master, or one of another version";
        default:
            return "look at the master's log";
    }
}

std::string textOf(const grpc::ByteBuffer& buffer) {
    std::vector<grpc::Slice> slices;
    std::string text;
    if (buffer.Valid() && buffer.Dump(&slices).ok()) {
        for (const grpc::Slice& slice : slices) {
            text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
        }
    }
    return text;
}

/// What the three steps of an address came to.
TestStepResult wholeLine(const std::vector<TestStepResult>& steps) {
    TestStepResult whole;
    const auto failed = std::find_if(steps.begin(), steps.end(),
                                     [](const auto& step) { return !step.status.ok(); });
    whole = failed == steps.end() ? steps.back() : *failed;
    whole.step = TestStep::Master;
    whole.certificatePem.clear();
    whole.took = {};
    for (const TestStepResult& step : steps)
        whole.took += step.took;
    return whole;
}

}  // namespace

void ConnectionTest::start(OnStep onStep, services::Done done) {
    m_onStep = std::move(onStep);
    m_done = std::move(done);
    m_core.registry.add(shared_from_this());
    m_lines.resize(m_core.profile.bundle.addresses.size());
    if (m_lines.empty()) {
        m_core.hop->post(
            [self = shared_from_this()] { self->tell(self->result(TestStep::Dns, noAddress())); });
        return;
    }
    m_address = m_core.masters.address();
    for (std::size_t line = 0; line < m_lines.size(); ++line)
        probe(line);
}

void ConnectionTest::probe(std::size_t line) {
    const bundle::Bundle& bundle = m_core.profile.bundle;
    // Whoever gives a call a second is not told after five that nobody answers.
    const auto timeout = std::min(m_core.options.probeTimeout, m_core.profile.deadline);
    LineTarget target{bundle.addresses[line], bundle.caPem, bundle.certificatePem,
                      bundle.privateKeyPem, timeout};
    // Not joined: a name look-up cannot be interrupted, and the thread touches only what it owns.
    std::thread([target = std::move(target), cancelled = m_cancelled, hop = m_core.hop,
                 weak = weak_from_this(), line] {
        probeLine(target, *cancelled, [&](const TestStepResult& step) {
            hop->post([weak, step, line] {
                if (const auto self = weak.lock()) self->lineStep(line, step);
            });
        });
    }).detach();
}

void ConnectionTest::cancel() {
    const auto self = shared_from_this();
    m_onStep = nullptr;
    m_done = nullptr;
    *m_cancelled = true;
    m_call.cancel();
    m_core.registry.remove(self);
}

void ConnectionTest::lineStep(std::size_t line, const TestStepResult& step) {
    m_lines[line].push_back(step);
    if (m_lines.size() == 1) {
        if (tell(step) && step.step == TestStep::Tls) checkHealth();
        return;
    }
    const bool allProbed = std::all_of(m_lines.begin(), m_lines.end(), [](const auto& steps) {
        return !steps.empty() && steps.back().step == TestStep::Tls;
    });
    if (allProbed) linesProbed();
}

void ConnectionTest::linesProbed() {
    const auto self = shared_from_this();
    const auto holds = [](const auto& steps) { return steps.back().status.ok(); };
    for (std::size_t line = 0; line < m_lines.size(); ++line) {
        TestStepResult whole = wholeLine(m_lines[line]);
        whole.address = m_core.profile.bundle.addresses[line];
        if (m_lineFailure.ok()) m_lineFailure = whole.status;
        say(whole);
        if (!m_done) return;
    }
    const auto first = std::find_if(m_lines.begin(), m_lines.end(), holds);
    const auto tested = first == m_lines.end() ? m_lines.begin() : first;
    m_core.masters.use(static_cast<std::size_t>(tested - m_lines.begin()));
    m_address = m_core.masters.address();
    for (const TestStepResult& step : *tested) {
        if (!tell(step)) return;
    }
    checkHealth();
}

void ConnectionTest::checkHealth() {
    struct Check {
        grpc::ClientContext context;
        grpc::ByteBuffer request;
        grpc::ByteBuffer response;
        std::shared_ptr<MasterStubs> stubs;
        std::unique_ptr<grpc::GenericStub> stub;
    };
    m_stepBegan = m_core.clock.steadyNow();
    auto check = std::make_shared<Check>();
    check->stubs = m_core.masters.current();
    check->stub = std::make_unique<grpc::GenericStub>(check->stubs->channel);
    const grpc::Slice empty;
    check->request = grpc::ByteBuffer(&empty, 1);
    ifrit::rpc::setDeadline(check->context, m_core.profile.deadline);
    m_call = services::CallHandle([weak = std::weak_ptr(check)] {
        if (const auto live = weak.lock()) live->context.TryCancel();
    });
    m_core.outstanding->begin();
    check->stub->UnaryCall(
        &check->context, kHealthCheck, grpc::StubOptions(), &check->request, &check->response,
        [check, weak = weak_from_this(), hop = m_core.hop,
         outstanding = m_core.outstanding](const grpc::Status& status) mutable {
            hop->post([weak, check = std::move(check), status = ifrit::rpc::fromGrpc(status)] {
                const auto self = weak.lock();
                if (self && self->m_done) self->healthAnswered(status, textOf(check->response));
            });
            outstanding->end();
        });
}

void ConnectionTest::healthAnswered(const absl::Status& status, const std::string& answer) {
    TestStepResult step = result(TestStep::Health, status);
    if (status.ok() && answer != kServing) {
        step = result(TestStep::Health,
                      base::makeError(absl::StatusCode::kUnavailable, "NOT_SERVING", "",
                                      "the master answers but does not serve yet"));
    }
    step.detail = step.status.ok() ? "serving" : "";
    if (tell(std::move(step))) checkLogin();
}

void ConnectionTest::checkLogin() {
    m_stepBegan = m_core.clock.steadyNow();
    m_call = startUnary<services::Identity>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::sessions,
        &v1::Sessions::StubInterface::async_interface::WhoAmI, v1::WhoAmIRequest(),
        [](v1::WhoAmIResponse&& in) { return decode(in); },
        services::Reply<services::Identity>([this](absl::StatusOr<services::Identity> identity) {
            TestStepResult step = result(TestStep::Login, identity.status());
            if (identity.ok()) {
                m_identity = *std::move(identity);
                std::string role = m_identity.role;  // in words
                std::replace(role.begin(), role.end(), '_', ' ');
                step.detail =
                    fmt::format("{} ({}) by {}", m_identity.user, role, m_identity.method);
            }
            if (tell(std::move(step))) checkFeatures();
        }));
}

void ConnectionTest::checkFeatures() {
    m_stepBegan = m_core.clock.steadyNow();
    m_call = startUnary<services::ClusterSummary>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::clusters,
        &v1::Clusters::StubInterface::async_interface::GetCluster, v1::GetClusterRequest(),
        [](v1::Cluster&& in) { return decode(in); },
        services::Reply<services::ClusterSummary>(
            [this](absl::StatusOr<services::ClusterSummary> cluster) {
                TestStepResult step = result(TestStep::Features, cluster.status());
                if (cluster.ok()) {
                    m_staleSince = cluster->staleSince;
                    step.detail = fmt::format("cluster {} ({}), master {}, {}", cluster->name,
                                              cluster->kind, cluster->serverVersion,
                                              base::countOf(cluster->machines, "machines"));
                    const std::string& expected = m_core.profile.bundle.cluster;
                    if (!expected.empty() && cluster->name != expected) {
                        step.status = base::failedPrecondition(
                            "WRONG_CLUSTER", cluster->name,
                            "this master serves the cluster '{}', the bundle is of '{}'",
                            cluster->name, expected);
                        step.hint = "check the address in the bundle";
                    }
                }
                if (tell(std::move(step))) tellPermissions();
            }));
}

void ConnectionTest::tellPermissions() {
    m_stepBegan = m_core.clock.steadyNow();
    TestStepResult step = result(TestStep::Permissions, absl::OkStatus());
    const std::vector<std::string>& all = m_identity.permissions;
    const std::size_t named = std::min(all.size(), kNamedPermissions);
    const std::string names = fmt::format(
        "{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(named), ", "));
    step.detail = all.empty() ? "may read; a super admin can grant more"
                  : named < all.size()
                      ? fmt::format("may {} and {} more", names, all.size() - named)
                      : fmt::format("may {}", names);
    if (tell(std::move(step))) tellDatabase();
}

void ConnectionTest::tellDatabase() {
    m_stepBegan = {};
    TestStepResult step = result(TestStep::Database, absl::OkStatus());
    step.detail = "answers the master";
    if (m_staleSince) {
        step.detail.clear();
        step.status = base::makeError(
            absl::StatusCode::kUnavailable, "MASTER_STALE", m_address,
            fmt::format("the master answers from memory: its database or cache has not answered "
                        "since {}",
                        absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromChrono(*m_staleSince),
                                         absl::UTCTimeZone())));
        step.hint = "look at the database's server and at the master's log";
    }
    tell(std::move(step));
}

TestStepResult ConnectionTest::result(TestStep step, const absl::Status& status) const {
    TestStepResult out;
    out.step = step;
    out.status = status;
    if (!status.ok()) out.hint = hintFor(status);
    if (m_stepBegan != base::SteadyTime{}) {
        out.took = std::chrono::duration_cast<std::chrono::milliseconds>(m_core.clock.steadyNow() -
                                                                         m_stepBegan);
    }
    return out;
}

bool ConnectionTest::tell(TestStepResult step) {
    const auto self = shared_from_this();
    if (!m_done) return false;
    step.address = m_address;
    say(step);
    const bool last = step.step == TestStep::Database;
    if (step.status.ok() && !last) return m_done != nullptr;
    for (int next = static_cast<int>(step.step) + 1; next <= static_cast<int>(TestStep::Database);
         ++next) {
        TestStepResult skipped;
        skipped.step = static_cast<TestStep>(next);
        skipped.status = absl::CancelledError("an earlier step failed");
        skipped.address = m_address;
        say(skipped);
    }
    if (const services::Done done = std::exchange(m_done, nullptr)) {
        m_core.registry.remove(self);
        done(m_lineFailure.ok() ? step.status : m_lineFailure);
    }
    return false;
}

void ConnectionTest::say(const TestStepResult& result) const {
    // A callback may cancel the test: each is looked up anew.
    if (const OnStep onStep = m_onStep) onStep(result);
}

}  // namespace ifrit::gui::rpc
