// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/paged_list.h"
#include "gui/presenters/repeated_call.h"
#include "tests/gui/support/fake_calls.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::PagedList;
using gui::presenters::RepeatedCall;

namespace {

using Page = services::Page<int>;
using Calls = tests::FakeCalls<services::PageRequest, absl::StatusOr<Page>>;

Page page(int first, int count, std::string next = {}) {
    Page out;
    for (int i = 0; i < count; ++i)
        out.items.push_back(first + i);
    out.nextToken = std::move(next);
    return out;
}

struct ListFixture {
    Calls calls;
    int changes = 0;
    PagedList<int> list{[this] { ++changes; }};

    PagedList<int>::Fetch fetch() { return fetchOf(calls); }
    static PagedList<int>::Fetch fetchOf(Calls& from) {
        return [&from](const services::PageRequest& request, services::Reply<Page> reply) {
            return from.add(request, std::move(reply));
        };
    }
};

}  // namespace

class TestPagedList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aReloadThatIsOnItsWayIsWaitedFor();
    void anotherQuestionReplaces();
    void moreWaitsForTheReload();
    void aReloadWaitsForMore();
    void aReloadIsNeverShorterThanWhatWasRead();
    void aReloadThatBreaksKeepsWhatIsShown();
    void clearForgetsWhatWasAskedMeanwhile();
    void theWholeListIsReadByItself();
    void theLongestPauseIsAMinute();
    void aRepeatedCallIsHeard();
};

// Events came twice a second, answers after more than one: the list was never filled.
void TestPagedList::aReloadThatIsOnItsWayIsWaitedFor() {
    ListFixture f;
    f.list.reload(f.fetch());
    f.list.reload(f.fetch());
    f.list.reload(f.fetch());
    QCOMPARE(f.calls.made(), std::size_t{1});
    f.calls.deliver(0, page(1, 2));
    QCOMPARE(f.list.items(), (std::vector<int>{1, 2}));
    // Once, for both that came meanwhile.
    QCOMPARE(f.calls.made(), std::size_t{2});
    f.calls.deliver(0, page(1, 3));
    QCOMPARE(f.list.items(), (std::vector<int>{1, 2, 3}));
    QCOMPARE(f.calls.made(), std::size_t{2});
    QCOMPARE(f.changes, 2);
    QVERIFY(!f.list.loading());
}

void TestPagedList::anotherQuestionReplaces() {
    ListFixture f;
    Calls others;
    f.list.reload(f.fetch());
    f.list.reload(f.fetch());
    f.list.restart(ListFixture::fetchOf(others));
    QCOMPARE(others.made(), std::size_t{1});
    f.calls.deliver(0, page(1, 2));
    QVERIFY(f.list.items().empty());
    others.deliver(page(7, 1));
    QCOMPARE(f.list.items(), std::vector<int>{7});
    QCOMPARE(f.calls.made(), std::size_t{1});
}

void TestPagedList::moreWaitsForTheReload() {
    ListFixture f;
    f.list.reload(f.fetch());
    f.calls.deliver(page(1, 2, "old"));
    f.list.reload(f.fetch());
    f.list.more();
    f.list.more();
    QCOMPARE(f.calls.made(), std::size_t{2});
    f.calls.deliver(page(1, 3, "new"));
    QCOMPARE(f.calls.made(), std::size_t{3});
    QCOMPARE(f.calls.last().token, std::string("new"));
    f.calls.deliver(page(4, 1));
    QCOMPARE(f.list.items(), (std::vector<int>{1, 2, 3, 4}));
    QVERIFY(!f.list.hasMore());
    QVERIFY(!f.list.loading());
}

void TestPagedList::aReloadWaitsForMore() {
    ListFixture f;
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 500, "next"));
    f.list.more();
    f.list.reload(f.fetch());
    // The same page twice is not asked for.
    f.list.more();
    QCOMPARE(f.calls.made(), std::size_t{2});
    f.calls.deliver(page(500, 100));
    QCOMPARE(f.list.items().size(), std::size_t{600});
    QCOMPARE(f.calls.made(), std::size_t{3});
    QCOMPARE(f.calls.last().token, std::string());
    QVERIFY2(f.calls.last().size >= 600, "all that was read is read again");
}

void TestPagedList::aReloadIsNeverShorterThanWhatWasRead() {
    ListFixture f;
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 5'000, "5000"));
    f.list.more();
    f.calls.deliver(page(5'000, 500, "5500"));
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 5'000, "a"));
    QCOMPARE(f.list.items().size(), std::size_t{5'500});
    QCOMPARE(f.calls.last().token, std::string("a"));
    f.calls.deliver(page(5'000, 5'000, "b"));
    QCOMPARE(f.list.items().size(), std::size_t{10'000});
    QCOMPARE(f.list.items().back(), 9'999);
    QVERIFY(f.list.hasMore());
    QVERIFY(!f.list.loading());
    // One that became shorter is read to its end, and no further.
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 12));
    QCOMPARE(f.list.items().size(), std::size_t{12});
    QVERIFY(!f.list.loading());
}

void TestPagedList::aReloadThatBreaksKeepsWhatIsShown() {
    ListFixture f;
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 600, "600"));
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 300, "300"));
    f.calls.deliver(absl::UnavailableError("away"));
    QCOMPARE(f.list.items().size(), std::size_t{600});
    QVERIFY(!f.list.error().ok());
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 600));
    QCOMPARE(f.list.items().size(), std::size_t{600});
    QVERIFY(f.list.error().ok());
}

void TestPagedList::clearForgetsWhatWasAskedMeanwhile() {
    ListFixture f;
    f.list.reload(f.fetch());
    f.list.reload(f.fetch());
    f.list.clear();
    f.calls.deliver(page(1, 2));
    QVERIFY(f.list.items().empty());
    f.list.reload(f.fetch());
    f.calls.deliver(page(1, 2));
    QCOMPARE(f.calls.made(), std::size_t{2});
}

void TestPagedList::theWholeListIsReadByItself() {
    ListFixture f;
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 2, "b"));
    QCOMPARE(f.calls.made(), std::size_t{1});
    f.list.readWhole(true);
    QCOMPARE(f.calls.last().token, std::string("b"));
    QVERIFY(f.calls.last().size > 500);
    f.calls.deliver(page(2, 2, "c"));
    f.calls.deliver(absl::UnavailableError("away"));
    // Not again and again.
    QCOMPARE(f.calls.pending(), std::size_t{0});
    QVERIFY(f.list.hasMore());
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 4, "c"));
    f.calls.deliver(page(4, 1));
    QCOMPARE(f.list.items().size(), std::size_t{5});
    f.list.readWhole(false);
    f.list.reload(f.fetch());
    f.calls.deliver(page(0, 5, "more"));
    QCOMPARE(f.calls.pending(), std::size_t{0});
}

// However many pages there are, whoever looks at them sees what is new.
void TestPagedList::theLongestPauseIsAMinute() {
    ListFixture f;
    QCOMPARE(f.list.pauseMs(300), 300);
    f.list.reload(f.fetch());
    f.calls.deliver(page(1, 1'001));
    QCOMPARE(f.list.pauseMs(300), 900);
    QCOMPARE(f.list.pauseMs(40'000), 60'000);
}

void TestPagedList::aRepeatedCallIsHeard() {
    tests::FakeCalls<int, absl::StatusOr<int>> calls;
    std::vector<int> heard;
    RepeatedCall<int> call([&heard](const absl::StatusOr<int>& value) { heard.push_back(*value); });
    const auto ask = [&](int question) {
        call.ask([&calls, question](services::Reply<int> reply) {
            return calls.add(question, std::move(reply));
        });
    };
    for (int i = 1; i <= 3; ++i)
        ask(i);
    QCOMPARE(calls.made(), std::size_t{1});
    calls.deliver(10);
    QCOMPARE(heard, std::vector<int>{10});
    QCOMPARE(calls.made(), std::size_t{2});
    QCOMPARE(calls.last(), 3);
    call.cancel();
    calls.deliver(11);
    QCOMPARE(heard.size(), std::size_t{1});
    ask(4);
    calls.deliver(12);
    QCOMPARE(heard, (std::vector<int>{10, 12}));
    QCOMPARE(calls.made(), std::size_t{3});
}

QTEST_GUILESS_MAIN(TestPagedList)
#include "tst_paged_list.moc"
