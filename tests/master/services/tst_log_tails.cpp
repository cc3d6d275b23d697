// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/services/log_tails.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"

using namespace ifrit;
using master::services::LogTails;

namespace {

const base::SteadyTime kNow{std::chrono::hours(1)};

/// An operator's question and what became of it.
struct Question {
    int answers = 0;
    absl::StatusOr<std::string> answer = absl::UnknownError("none yet");
    LogTails::Done done() {
        return [this](absl::StatusOr<std::string> text) {
            ++answers;
            answer = std::move(text);
        };
    }
    std::string reason() const { return base::errorInfo(answer.status()).reason; }
    std::chrono::milliseconds retryAfter() const {
        return base::callDetails(answer.status()).retryAfter;
    }
};

}  // namespace

class LogTailsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aQuestionIsToldUntilItsMachineAnswers() {
        LogTails tails;
        QVERIFY(tails.forMachine("m1").empty());
        Question question;
        tails.ask("m1", "logd", 1000, kNow, question.done());
        for (int i = 0; i < 2; ++i) {
            const auto wanted = tails.forMachine("m1");
            QCOMPARE(wanted.size(), std::size_t(1));
            QCOMPARE(wanted[0].agent, std::string("logd"));
            QCOMPARE(wanted[0].maxBytes, std::uint32_t(1000));
        }
        QVERIFY(tails.forMachine("m2").empty());
        const std::string id = tails.forMachine("m1")[0].id;
        tails.answer("m2", id, "forged");
        tails.answer("m1", "another", "unasked");
        QCOMPARE(question.answers, 0);
        tails.answer("m1", id, "text\n");
        tails.answer("m1", id, "again");
        QCOMPARE(question.answers, 1);
        QCOMPARE(*question.answer, std::string("text\n"));
        QVERIFY(tails.forMachine("m1").empty());
    }

    void aMachineThatDoesNotAnswerIsNotWaitedForForEver() {
        LogTails tails;
        Question first;
        Question second;
        tails.ask("m1", "logd", 1, kNow, first.done());
        tails.ask("m1", "logd", 1, kNow + std::chrono::seconds(10), second.done());
        tails.expire(kNow + LogTails::kPatience - std::chrono::seconds(1));
        QCOMPARE(first.answers, 0);
        tails.expire(kNow + LogTails::kPatience);
        QCOMPARE(first.reason(), std::string("LOG_TAIL_TIMEOUT"));
        QCOMPARE(second.answers, 0);
        QCOMPARE(tails.forMachine("m1").size(), std::size_t(1));
    }

    void tooManyQuestionsAreRefused() {
        LogTails tails;
        std::vector<Question> questions(LogTails::kMaxAll + 10);
        for (std::size_t i = 0; i < LogTails::kMaxPerMachine + 1; ++i)
            tails.ask("m1", "logd", 1, kNow, questions[i].done());
        QCOMPARE(questions[LogTails::kMaxPerMachine].reason(), std::string("LOG_TAILS_FULL"));
        QVERIFY(questions[LogTails::kMaxPerMachine].retryAfter() > std::chrono::milliseconds(0));
        std::size_t refused = 0;
        for (std::size_t i = LogTails::kMaxPerMachine + 1; i < questions.size(); ++i) {
            tails.ask("m" + std::to_string(i), "logd", 1, kNow, questions[i].done());
            refused += questions[i].answers == 0 ? 0 : 1;
        }
        QCOMPARE(refused, questions.size() - LogTails::kMaxAll - 1);
    }

    void theMachinesOwnWatchIsPoked() {
        LogTails tails;
        int first = 0;
        int second = 0;
        int other = 0;
        const auto a = tails.listen("m1", [&first] { ++first; });
        tails.listen("m1", [&second] { ++second; });
        tails.listen("m2", [&other] { ++other; });
        Question question;
        tails.ask("m1", "logd", 1, kNow, question.done());
        QCOMPARE(first + second, 2);
        tails.unlisten(a);
        tails.unlisten(a);
        tails.ask("m1", "logd", 1, kNow, question.done());
        QCOMPARE(first, 1);
        QCOMPARE(second, 2);
        QCOMPARE(other, 0);
    }
};

QTEST_GUILESS_MAIN(LogTailsTest)
#include "tst_log_tails.moc"
