// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "tests/agent/app/doctor_patient.h"

using namespace ifrit;
using agent::app::Finding;
using Result = Finding::Result;
using tests::Patient;

namespace {

QString resultName(Result result) {
    static const char* const kNames[] = {"ok", "warning", "failed", "skipped"};
    return QString::fromLatin1(kNames[static_cast<int>(result)]);
}

/// "disk=ok clock=failed": what is not ok, in the order of the checks.
QString troubles(const std::vector<Finding>& findings) {
    QStringList out;
    for (const Finding& finding : findings) {
        if (finding.result == Result::Ok) continue;
        out << QString::fromStdString(finding.check) + QLatin1Char('=') +
                   resultName(finding.result);
    }
    return out.join(QLatin1Char(' '));
}

using Spoil = std::function<void(Patient&)>;

}  // namespace

Q_DECLARE_METATYPE(Spoil)

class DoctorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatIsWrong_data() {
        QTest::addColumn<Spoil>("spoil");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* name, const Spoil& spoil, const char* found) {
            QTest::newRow(name) << spoil << QString::fromLatin1(found);
        };
        row(
            "all is well", [](Patient&) {}, "");
        row(
            "ifrit-agent does not run",
            [](Patient& p) {
                p.states = base::makeError(absl::StatusCode::kUnavailable, "LOCAL_AWAY", "", "no");
            },
            "ifrit-agent=failed");
        row(
            "ifrit-agent stands still",
            [](Patient& p) {
                p.states =
                    base::makeError(absl::StatusCode::kDeadlineExceeded, "LOCAL_TIMEOUT", "", "no");
            },
            "ifrit-agent=failed");
        row(
            "somebody else asks",
            [](Patient& p) { p.states = base::permissionDenied("LOCAL_DENIED", "", "no"); },
            "ifrit-agent=skipped");
        row(
            "nothing names it",
            [](Patient& p) {
                p.config.uuid.clear();
                p.host.facts_ = {};
                QFile::remove(QString::fromStdString(p.layout.identity()));
            },
            "identity=failed certificate=warning ca_file=failed join token=failed "
            "master master:7443=skipped");
        row(
            "a copy",
            [](Patient& p) {
                p.host.facts_.productId = "old";
                p.enrol(std::chrono::hours(720));
                p.host.facts_.productId = "new";
            },
            "identity=warning");
        row(
            "a name of its own, and another's certificate",
            [](Patient& p) { p.config.uuid = "m2"; }, "identity=warning");
        row(
            "the certificate has ended",
            [](Patient& p) { p.clock.advance(std::chrono::hours(721)); }, "certificate=failed");
        row(
            "the certificate ends soon",
            [](Patient& p) { p.clock.advance(std::chrono::hours(700)); }, "certificate=warning");
        row(
            "the clock is behind", [](Patient& p) { p.clock.advance(std::chrono::hours(-48)); },
            "certificate=failed");
        row(
            "the certificate is broken",
            [](Patient& p) { Patient::write(p.layout.identity(), "junk"); },
            "certificate=failed master master:7443=skipped");
        row(
            "no publisher is trusted",
            [](Patient& p) {
                QFile::remove(QString::fromStdString(p.layout.keys() + "/p.pub.pem"));
            },
            "publishers' keys=failed");
        row(
            "one file among the keys is no key",
            [](Patient& p) { Patient::write(p.layout.keys() + "/master.pem", "key"); },
            "publishers' keys=failed");
        row(
            "the disk is full", [](Patient& p) { p.host.space.bytes = 1000; }, "disk=failed");
        row(
            "no inodes are left", [](Patient& p) { p.host.space.inodes = 0; }, "disk=failed");
        row(
            "inodes are made as it goes", [](Patient& p) { p.host.space.inodes.reset(); }, "");
        row(
            "the disk is nearly full", [](Patient& p) { p.host.space.bytes = 100 << 20; },
            "disk=warning");
        row(
            "the journal is damaged",
            [](Patient& p) { Patient::write(p.layout.journal(), "junk"); },
            "journal=failed managed agents=skipped");
        row(
            "the name is not known",
            [](Patient& p) { p.names = base::notFound("NAME_UNKNOWN", "", "no"); },
            "name master=failed master master:7443=skipped");
        row(
            "the port is closed", [](Patient& p) { p.port = absl::UnavailableError("refused"); },
            "port master:7443=failed master master:7443=skipped");
        row(
            "the call fails", [](Patient& p) { p.master->away = true; },
            "master master:7443=failed");
        row(
            "agent.toml is what last worked", [](Patient& p) { p.prove({"master:7443"}); }, "");
        row(
            "agent.toml names others than are in use", [](Patient& p) { p.prove({"old:7443"}); },
            "link settings=warning");
        row(
            "neither those in use nor the others answer",
            [](Patient& p) {
                p.prove({"old:7443"});
                p.master->away = true;
            },
            "link settings=warning master old:7443=failed master master:7443 (agent.toml)=failed");
        row(
            "those in use are gone, and agent.toml names one of them and another",
            [](Patient& p) {
                p.prove({"master:7443", "old:7443"});
                p.port = absl::UnavailableError("refused");
            },
            "link settings=warning port master:7443=failed master master:7443=skipped "
            "port old:7443=failed master old:7443=skipped");
        row(
            "what last worked cannot be read",
            [](Patient& p) { Patient::write(p.layout.linkSettings(), "junk"); },
            "link settings=warning");
        row(
            "the clock is off", [](Patient& p) { p.skew = std::chrono::minutes(1); },
            "clock=warning");
        row(
            "the clock is far off", [](Patient& p) { p.skew = std::chrono::minutes(-10); },
            "clock=failed");
        row(
            "an agent's process is gone",
            [](Patient& p) {
                p.machine.end(p.machine.process({101, 1010, "boot"}).id, {});
            },
            "agent exporter=failed");
        row(
            "64 agents",
            [](Patient& p) {
                for (int i = 1; i < 64; ++i)
                    p.record(fmt::format("more-{}", i), [](auto& agent) { agent.releaseId = "r"; });
            },
            "");
        row(
            "more agents than are reported",
            [](Patient& p) {
                for (int i = 1; i < 65; ++i)
                    p.record(fmt::format("more-{}", i), [](auto& agent) { agent.releaseId = "r"; });
            },
            "managed agents=warning");
        row(
            "a variable that a package declares",
            [](Patient& p) {
                p.unpack("exporter", "port");
                p.config.vars = {{"port", "1"}};
            },
            "");
        row(
            "a variable that no package declares",
            [](Patient& p) {
                p.unpack("exporter", "port");
                p.config.vars = {{"port", "1"}, {"prot", "1"}};
            },
            "variable prot=warning");
        row(
            "a variable before the first package",
            [](Patient& p) {
                p.config.vars = {{"port", "1"}};
            },
            "");
        row(
            "the link fails",
            [](Patient& p) { p.link = std::string("1\tmaster:7443\tNEW_REASON\tno\n"); },
            "link=failed");
        row(
            "the link has not begun", [](Patient& p) { p.link = std::string("0\t\t\t\n"); },
            "link=skipped");
        row(
            "an older ifrit-agent runs",
            [](Patient& p) { p.link = base::invalidArgument("LOCAL_REQUEST", "", "no"); }, "");
        row(
            "agent.toml is wrong",
            [](Patient& p) {
                p.prove({"master:7443"});
                p.spoilFile();
            },
            "agent.toml=failed identity=skipped publishers' keys=skipped");
        row(
            "agent.toml is wrong, and nothing has worked yet", [](Patient& p) { p.spoilFile(); },
            "agent.toml=failed identity=skipped publishers' keys=skipped link settings=skipped");
        row(
            "agent.toml is wrong before it is enrolled",
            [](Patient& p) {
                p.prove({"master:7443"});
                p.spoilFile();
                QFile::remove(QString::fromStdString(p.layout.identity()));
            },
            "agent.toml=failed identity=skipped certificate=warning join token=skipped "
            "publishers' keys=skipped link settings=skipped");
        row(
            "an agent failed", [](Patient& p) { p.states = std::string("exporter\tfailed\t\n"); },
            "agent exporter=failed");
    }
    void findsWhatIsWrong() {
        QFETCH(Spoil, spoil);
        QFETCH(QString, found);
        Patient patient;
        spoil(patient);
        const auto findings = patient.examine();
        QTEST(troubles(findings), "found");
        for (const Finding& finding : findings) {
            const bool wantsAdvice =
                finding.result == Result::Failed || finding.result == Result::Warning;
            QVERIFY2(!wantsAdvice || !finding.advice.empty(), finding.check.c_str());
        }
    }

    /// What the journal has may be of a version that nobody wants any more.
    void whatIfritAgentSaysOfAnAgentCounts_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("detail");
        const QString healthy = QStringLiteral("1, process 101, healthy");
        QTest::newRow("nothing") << QStringLiteral("exporter\thealthy\t\n") << healthy;
        QTest::newRow("an error")
            << QStringLiteral("exporter\tdegraded\tstarting\tNO_ADDRESS\tno address\n")
            << QStringLiteral("1, process 101, degraded; last error NO_ADDRESS: no address");
        QTest::newRow("it does not say") << QString()
                                         << QStringLiteral(
                                                "1, process 101; last error "
                                                "EXITED_AT_START: it left");
    }
    void whatIfritAgentSaysOfAnAgentCounts() {
        QFETCH(QString, line);
        QFETCH(QString, detail);
        Patient patient;
        patient.record("exporter", [](auto& agent) {
            agent.lastError = domain::AgentError{"EXITED_AT_START", "it left", "watching", 1, {}};
        });
        patient.states = line.toStdString();
        const auto findings = patient.examine();
        const auto found = std::find_if(findings.begin(), findings.end(), [](const auto& one) {
            return one.check == "agent exporter";
        });
        QVERIFY(found != findings.end());
        QCOMPARE(QString::fromStdString(found->detail), detail);
    }

    /// First what is wrong with the version, then how it is tried again.
    void aBadVersionComesWithWhatHelps() {
        Patient patient;
        patient.record("exporter", [&](auto& agent) {
            agent.addKnownBad({{"2", std::string(64, '2')}, "EXITED_AT_START", {}});
        });
        patient.states = "exporter\treverted\t\n";
        const auto findings = patient.examine();
        const auto found = std::find_if(findings.begin(), findings.end(), [](const auto& one) {
            return one.check == "agent exporter";
        });
        QVERIFY(found != findings.end());
        const QString advice = QString::fromStdString(found->advice);
        QVERIFY2(advice.startsWith(QStringLiteral("read its log")), qPrintable(advice));
        QVERIFY2(advice.endsWith(QStringLiteral("reset-bad exporter")), qPrintable(advice));
    }

    /// What is to be done is not what helps where nothing runs, or nobody is let in.
    void whatHangsIsCalledThat() {
        Patient patient;
        patient.states =
            base::makeError(absl::StatusCode::kDeadlineExceeded, "LOCAL_TIMEOUT", "", "no");
        patient.master->onSync = [](const auto&) -> absl::StatusOr<agent::link::SyncReply> {
            return base::makeError(absl::StatusCode::kDeadlineExceeded, "NO_ANSWER", "",
                                   "did not answer");
        };
        const auto findings = patient.examine();
        const auto of = [&](const std::string& check) {
            for (const Finding& finding : findings)
                if (finding.check == check) return finding;
            return Finding();
        };
        QVERIFY(of("ifrit-agent").advice.find("restart ifrit-guard") != std::string::npos);
        QVERIFY(of("master master:7443").advice.find("ifrit-master") != std::string::npos);
        QCOMPARE(patient.asked, 1);
    }

    /// On its disk all may look well.
    void whatTheRunningIfritAgentMeetsFails() {
        Patient patient;
        patient.link = std::string("4\tmaster:7443\tTOKEN_USED\tthe join token was used\n");
        const auto findings = patient.examine();
        const auto found = std::find_if(findings.begin(), findings.end(),
                                        [](const auto& one) { return one.check == "link"; });
        QVERIFY(found != findings.end());
        QVERIFY(found->result == Result::Failed);
        QCOMPARE(
            QString::fromStdString(found->detail),
            QStringLiteral("4 tries in a row failed, the last with master:7443: the join token "
                           "was used"));
        QVERIFY(found->advice.find("make a new token") != std::string::npos);
    }

    /// With the settings that ifrit-agent would call with, the new ones beside the old.
    void bothSettingsAreTried() {
        Patient patient;
        patient.prove({"old:7443"}, "old", "the old CA");
        patient.config.masters = {"master:7443", "old:7443"};
        patient.config.serverName = "new";
        patient.config.caFile = patient.root + "/ca.pem";
        Patient::write(patient.config.caFile, "the new CA");
        std::vector<std::string> calls;
        patient.connector.onConnect = [&](const agent::link::Endpoint& master,
                                          const agent::link::MachineIdentity& identity)
            -> std::shared_ptr<agent::link::MasterClient> {
            const bool isNew = identity.caPem == "the new CA";
            calls.push_back(master.address + ' ' + master.serverName + (isNew ? " new CA" : ""));
            return nullptr;
        };
        const auto findings = patient.examine();
        QCOMPARE(calls, (std::vector<std::string>{"old:7443 old", "master:7443 new new CA",
                                                  "old:7443 new new CA"}));
        QCOMPARE(troubles(findings), QStringLiteral("link settings=warning"));
        const auto asked = [&](const std::string& check) {
            return std::count_if(findings.begin(), findings.end(),
                                 [&](const Finding& one) { return one.check == check; });
        };
        QCOMPARE(asked("port old:7443"), 1);
        const auto said = std::find_if(findings.begin(), findings.end(), [](const auto& one) {
            return one.check == "link settings";
        });
        QCOMPARE(QString::fromStdString(said->detail),
                 QStringLiteral("agent.toml is not used yet: its masters are master:7443, "
                                "old:7443, its server_name is new, its CA is another. In use is "
                                "what last worked: masters old:7443 (state/link.toml)"));
        QVERIFY(said->advice.find("systemctl reload ifrit-guard") != std::string::npos);
    }

    /// It enrols with what agent.toml says.
    void agentTomlIsUsedWhereThereIsNoCertificate() {
        Patient patient;
        patient.prove({"old:7443"});
        QFile::remove(QString::fromStdString(patient.layout.identity()));
        for (const Finding& finding : patient.examine())
            QVERIFY2(finding.check.find("old") == std::string::npos, finding.check.c_str());
    }

    /// The certificate on the disk looks good, and the call fails by no fault of the line.
    void aRevokedMachineNeedsAToken() {
        Patient patient;
        patient.master->onSync = [](const auto&) -> absl::StatusOr<agent::link::SyncReply> {
            return base::permissionDenied("CERTIFICATE_REVOKED", "m1", "was revoked");
        };
        const auto findings = patient.examine();
        const auto found = std::find_if(findings.begin(), findings.end(), [](const auto& one) {
            return one.check == "master master:7443";
        });
        QVERIFY(found != findings.end() && found->result == Result::Failed);
        QVERIFY(found->advice.find("join-token --uuid") != std::string::npos);
    }

    void aDamagedJournalIsLeftForIfritAgent() {
        Patient patient;
        Patient::write(patient.layout.journal(), "junk");
        patient.examine();
        QCOMPARE(*base::readFile(patient.layout.journal(), 100), std::string("junk"));
    }

    void itsCallIsNoPoll() {
        Patient patient;
        bool asked = false;
        patient.master->onSync =
            [&](const agent::link::SyncRequest& request) -> absl::StatusOr<agent::link::SyncReply> {
            asked = true;
            if (request.report.sequence != 0) return absl::InternalError("a report");
            return agent::link::SyncReply();
        };
        QVERIFY(!agent::app::anyFailed(patient.examine()));
        QVERIFY(asked);
    }
};

QTEST_GUILESS_MAIN(DoctorTest)
#include "tst_doctor.moc"
