// SPDX-License-Identifier: Apache-2.0
#include <QScopeGuard>
#include <QTest>
#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>

#include <ifrit/v1/access.grpc.pb.h>
#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>

#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/fault/inside_master.h"
#include "tests/fault/reporter.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::tests;

namespace {

/// A database that writes as much as the test lets it: what the master can take is a number and not
/// a matter of the machine that the test runs on.
class MeteredDatabase final : public master::storage::Database {
public:
    explicit MeteredDatabase(master::storage::Database& below) : m_below(below) {}

    absl::Status transact(const Work& work) override {
        {
            std::unique_lock lock(m_mutex);
            ++m_wanting;
            m_changed.notify_all();
            m_changed.wait(lock, [this] { return m_open || m_left > 0; });
            --m_wanting;
            if (!m_open) --m_left;
            m_changed.notify_all();
        }
        return m_below.transact(work);
    }
    absl::Status read(const Work& work) override { return m_below.read(work); }

    void meter() {
        const std::lock_guard lock(m_mutex);
        m_open = false;
    }
    void open() {
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    /// Writes that wait to be let.
    int wanting() {
        const std::lock_guard lock(m_mutex);
        return m_wanting;
    }
    /// Lets `writes` happen and waits until they were taken, or nobody wants more.
    void allow(int writes) {
        std::unique_lock lock(m_mutex);
        m_left = writes;
        m_changed.notify_all();
        m_changed.wait_for(lock, std::chrono::seconds(5), [this] { return m_left == 0; });
        m_left = 0;
    }

private:
    master::storage::Database& m_below;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_open = true;
    int m_left = 0;
    int m_wanting = 0;
};

/// A small master, whose database the test meters by way of `metered` once it is made.
InsideMaster::Options overMetered(MeteredDatabase*& metered) {
    InsideMaster::Options options;
    options.workers = 4;
    options.workQueue = 30;
    options.between = [&metered](master::storage::Database& below) {
        auto out = std::make_unique<MeteredDatabase>(below);
        metered = out.get();
        return out;
    };
    return options;
}

/// Begins one call; what it asks and is answered is kept by the callback.
using Begin =
    std::function<void(grpc::ClientContext& context, std::function<void(grpc::Status)> ended)>;

/// It writes, however often, and no limit of its own is in the way.
Begin revocations(v1::Access::Stub& stub) {
    return [&stub](grpc::ClientContext& context, std::function<void(grpc::Status)> ended) {
        auto request = std::make_shared<v1::RevokeMachineRequest>();
        request->set_uuid("gone");
        request->mutable_mutation()->set_request_id(base::randomUuid());
        request->mutable_mutation()->set_reason("test");
        auto response = std::make_shared<v1::RevokeMachineResponse>();
        stub.async()->RevokeMachine(
            &context, request.get(), response.get(),
            [request, response, told = std::move(ended)](grpc::Status status) { told(status); });
    };
}

/// New machines, each with a token of its own: each is a write.
Begin enrolments(v1::Enrolment::Stub& stub, const std::string& csrPem,
                 std::vector<std::string>& tokens) {
    return [&stub, csrPem, &tokens](grpc::ClientContext& context,
                                    std::function<void(grpc::Status)> ended) {
        auto request = std::make_shared<v1::EnrolRequest>();
        request->set_join_token(tokens.back());
        tokens.pop_back();
        request->set_uuid(base::randomUuid());
        request->set_csr_pem(csrPem);
        request->mutable_facts()->set_machine_type("LINUX");
        auto response = std::make_shared<v1::EnrolResponse>();
        stub.async()->Enrol(
            &context, request.get(), response.get(),
            [request, response, told = std::move(ended)](grpc::Status status) { told(status); });
    };
}

/// Calls that are made at once and answered whenever.
class Calls {
public:
    explicit Calls(Begin begin) : m_begin(std::move(begin)) {}
    ~Calls() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_running == 0; });
    }

    void make(int count) {
        for (int i = 0; i < count; ++i) {
            {
                const std::lock_guard lock(m_mutex);
                ++m_running;
            }
            auto context = std::make_shared<grpc::ClientContext>();
            rpc::setDeadline(*context, std::chrono::seconds(60));
            m_begin(*context, [this, context](const grpc::Status& status) { ended(status); });
        }
    }
    void waitForEnded(int count) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return ok + shed + other >= count; });
    }

    // Under the lock while calls run.
    int ok = 0;
    int shed = 0;   ///< RESOURCE_EXHAUSTED with a time to come again
    int other = 0;  ///< anything else: must not be

private:
    void ended(const grpc::Status& answer) {
        const absl::Status status = rpc::fromGrpc(answer);
        const bool isShed = status.code() == absl::StatusCode::kResourceExhausted &&
                            base::callDetails(status).retryAfter.count() > 0;
        const std::lock_guard lock(m_mutex);
        ++(status.ok() ? ok : isShed ? shed : other);
        --m_running;
        m_changed.notify_all();
    }

    const Begin m_begin;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_running = 0;
};

/// A master that commits so many reports at a time, and the machines that report to it.
class ReportedTo {
public:
    static constexpr int kAtOnce = 20;

    explicit ReportedTo(int machines) : m_master(options(m_metered)) {
        for (int i = 0; i < machines; ++i) {
            const std::string uuid = "r" + std::to_string(i);
            m_reporters.add(uuid, m_master.channel(m_master.enrol(uuid)));
        }
        m_bystander = v1::MachineLink::NewStub(m_master.channel(m_master.enrol("bystander")));
    }
    ~ReportedTo() { m_metered->open(); }

    /// Reports that were stored in so many rounds with as many offered in each, by machines in turn
    /// that wait for no answer. What waits at the end is stored, and not counted. -1: it stands.
    int goodput(int rounds, int offered) {
        m_metered->meter();
        m_reporters.tally.shed = m_reporters.tally.other = 0;
        const int before = m_reporters.tally.stored;
        // One in the writer's hands, so that what is offered in a round waits behind it.
        m_reporters.offer(1);
        bool isMoving = settles(1, 0);
        for (int round = 0; round < rounds && isMoving; ++round) {
            m_reporters.offer(offered);
            isMoving = settles(0, kAtOnce);
            // Until the writer has the next group in its hands; others write, too.
            do
                m_metered->allow(1);
            while (isMoving && !QTest::qWaitFor([this] { return waiting() == 0; }, 500));
            isMoving = isMoving && poll();
        }
        const int stored = isMoving ? m_reporters.tally.stored - before : -1;
        m_metered->open();
        m_reporters.awaitAnswers();
        return stored;
    }
    int lost() { return m_reporters.lost(m_master.database()); }
    const Reporter::Tally& tally() const { return m_reporters.tally; }

private:
    static InsideMaster::Options options(MeteredDatabase*& metered) {
        InsideMaster::Options out = overMetered(metered);
        out.reportQueue = kAtOnce;
        return out;
    }
    std::size_t waiting() { return m_master.server().services().reports().waiting(); }
    /// So many are with the writer, which takes all at once, or wait for it.
    bool settles(int taken, std::size_t queued) {
        return QTest::qWaitFor([&] { return waiting() == queued && m_metered->wanting() >= taken; },
                               20'000);
    }
    /// Of a machine with nothing new: it asks no database.
    bool poll() {
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(10));
        v1::SyncResponse response;
        return m_bystander->Sync(&context, {}, &response).ok();
    }

    MeteredDatabase* m_metered = nullptr;
    InsideMaster m_master;
    Reporters m_reporters;
    std::unique_ptr<v1::MachineLink::Stub> m_bystander;
};

}  // namespace

/// Row G5: more than it can take.
class TestOverloadFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsTooMuchIsShedAndTheRestIsDone() {
        constexpr int kPerRound = 20;  // what the database takes in a round
        constexpr int kRounds = 15;
        MeteredDatabase* metered = nullptr;
        InsideMaster master(overMetered(metered));
        (void)master.enrol("gone");
        const auto stub = v1::Access::NewStub(master.admin());
        const auto bystander = v1::MachineLink::NewStub(master.channel(master.enrol("bystander")));
        const auto goodput = [&](int offered) {
            Calls calls(revocations(*stub));
            metered->meter();
            for (int round = 0; round < kRounds; ++round) {
                calls.make(offered);
                metered->allow(kPerRound);
                // The poll of a machine with nothing new asks no database: it goes on.
                grpc::ClientContext context;
                rpc::setDeadline(context, std::chrono::seconds(10));
                v1::SyncResponse response;
                if (!bystander->Sync(&context, {}, &response).ok()) qFatal("no poll");
            }
            metered->open();
            calls.waitForEnded(offered * kRounds);
            return std::array<int, 3>{calls.ok, calls.shed, calls.other};
        };
        const auto peak = goodput(kPerRound);
        QCOMPARE(peak[2], 0);
        const auto tripled = goodput(3 * kPerRound);
        QCOMPARE(tripled[2], 0);
        QVERIFY2(tripled[1] > 0, "nothing was shed");
        QVERIFY2(tripled[0] * 10 >= peak[0] * 8,
                 qPrintable(QStringLiteral("%1 of %2").arg(tripled[0]).arg(peak[0])));
        // What waits is bounded: the queue, the workers, and no more.
        QVERIFY(tripled[0] <= kPerRound * kRounds + 30 + 4);
        printFaultRow("G5", "three times the load", tripled[0] + tripled[1],
                      3 * kPerRound * kRounds,
                      "calls answered: " + std::to_string(tripled[0]) + " done (" +
                          std::to_string(peak[0]) + " at the load that it can take), " +
                          std::to_string(tripled[1]) + " shed with a time to come again");
    }

    /// The poll with a report, which is what a fleet sends most of.
    void reportsBeyondWhatIsTakenAreShedAndTheRestIsStored() {
        constexpr int kRounds = 30;
        constexpr int kTaken = ReportedTo::kAtOnce;
        // As many as wait for an answer, and as many again as are offered.
        ReportedTo reporters(5 * kTaken);
        const int peak = reporters.goodput(kRounds, kTaken);
        QCOMPARE(reporters.tally().other.load(), 0);
        QVERIFY2(peak > 0, "it stood still, or a poll without a report was not answered");
        const int madeBefore = reporters.tally().made;
        const int storedBefore = reporters.tally().stored;
        const int tripled = reporters.goodput(kRounds, 3 * kTaken);
        const int made = reporters.tally().made - madeBefore;
        const int shed = reporters.tally().shed;
        printFaultRow(
            "G5", "three times the reports", reporters.tally().stored - storedBefore + shed, made,
            "polls with reports answered: " + std::to_string(tripled) + " stored in time (" +
                std::to_string(peak) + " at the load that it can take), " + std::to_string(shed) +
                " shed with a time to come again");
        QCOMPARE(reporters.tally().other.load(), 0);
        QVERIFY2(shed > kRounds * kTaken / 2, qPrintable(QString::number(shed)));
        QVERIFY2(tripled * 10 >= peak * 8,
                 qPrintable(QStringLiteral("%1 of %2").arg(tripled).arg(peak)));
        QCOMPARE(reporters.lost(), 0);
    }

    /// Machines fill the master, and a person stops all change in one call each time.
    void aPersonIsHeardThroughAFloodOfMachines() {
        constexpr int kWrites = 20;
        constexpr int kStops = 10;
        MeteredDatabase* metered = nullptr;
        InsideMaster master(overMetered(metered));
        std::vector<std::string> tokens;
        for (int i = 0; i < 3 * kWrites * kStops; ++i)
            tokens.push_back(master.joinToken());
        const auto enrolment = v1::Enrolment::NewStub(master.channel());
        const auto clusters = v1::Clusters::NewStub(master.admin());
        const std::string csr =
            crypto::createCsr(crypto::generatePrivateKey().value(), "any").value();
        Calls flood(enrolments(*enrolment, csr, tokens));
        metered->meter();
        // Also where a check fails: what waits for the database keeps the master from ending.
        const auto opened = qScopeGuard([&metered] { metered->open(); });
        int heard = 0;
        for (int stop = 0; stop < kStops; ++stop) {
            flood.make(3 * kWrites);
            auto asked = std::async(std::launch::async, [&, isFreeze = stop % 2 == 0] {
                grpc::ClientContext context;
                rpc::setDeadline(context, std::chrono::seconds(30));
                v1::Cluster response;
                if (isFreeze) {
                    v1::FreezeClusterRequest request;
                    request.mutable_mutation()->set_reason("it burns");
                    return clusters->FreezeCluster(&context, request, &response);
                }
                v1::UnfreezeClusterRequest request;
                request.mutable_mutation()->set_reason("put out");
                return clusters->UnfreezeCluster(&context, request, &response);
            });
            while (asked.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready)
                metered->allow(kWrites);
            const grpc::Status answer = asked.get();
            QVERIFY2(answer.ok(), answer.error_message().c_str());
            ++heard;
        }
        metered->open();
        flood.waitForEnded(3 * kWrites * kStops);
        QCOMPARE(flood.other, 0);
        QVERIFY2(flood.shed > 0, "the machines did not fill it");
        printFaultRow("G5", "stops through a flood of machines", heard, kStops,
                      "freezes and unfreezes answered while " + std::to_string(flood.shed) +
                          " of " + std::to_string(3 * kWrites * kStops) +
                          " calls of machines were shed");
    }
};

QTEST_GUILESS_MAIN(TestOverloadFaults)
#include "tst_overload_faults.moc"
