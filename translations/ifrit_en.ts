<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ifrit::gui::app::WindowStatus</name>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 machine</numerusform>
            <numerusform>%1 machines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ExportJob</name>
    <message numerus="yes">
        <source>%1 row(s) are on the clipboard.</source>
        <translation>
            <numerusform>%1 row is on the clipboard.</numerusform>
            <numerusform>%1 rows are on the clipboard.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s) were written to %2.</source>
        <translation>
            <numerusform>%1 row was written to %2.</numerusform>
            <numerusform>%1 rows were written to %2.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::GrantDialog</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MapPage</name>
    <message numerus="yes">
        <source>%1 open release(s)</source>
        <translation>
            <numerusform>%1 open release</numerusform>
            <numerusform>%1 open releases</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s) · one cell each</source>
        <translation>
            <numerusform>%1 machine</numerusform>
            <numerusform>%1 machines · one cell each</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 open release(s)</source>
        <translation>
            <numerusform>%1: %2 open release</numerusform>
            <numerusform>%1: %2 open releases</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MasterList</name>
    <message numerus="yes">
        <source>%1 master(s) on the list</source>
        <translation>
            <numerusform>%1 master on the list</numerusform>
            <numerusform>%1 masters on the list</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewCampaignDialog</name>
    <message numerus="yes">
        <source> day(s)</source>
        <translation>
            <numerusform> day</numerusform>
            <numerusform> days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewReleaseForm</name>
    <message numerus="yes">
        <source> minute(s) from one batch to the next</source>
        <translation>
            <numerusform> minute from one batch to the next</numerusform>
            <numerusform> minutes from one batch to the next</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> machine(s) at the same time</source>
        <translation>
            <numerusform> machine at the same time</numerusform>
            <numerusform> machines at the same time</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> minute(s) before verify</source>
        <translation>
            <numerusform> minute before verify</numerusform>
            <numerusform> minutes before verify</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> minute(s) for each machine</source>
        <translation>
            <numerusform> minute for each machine</numerusform>
            <numerusform> minutes for each machine</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n machine(s) known here</source>
        <translation>
            <numerusform>%n machine known here</numerusform>
            <numerusform>%n machines known here</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewReleaseGates</name>
    <message numerus="yes">
        <source> machine(s)</source>
        <translation>
            <numerusform> machine</numerusform>
            <numerusform> machines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> outcome(s) of a stage on</source>
        <translation>
            <numerusform> outcome of a stage on</numerusform>
            <numerusform> outcomes of a stage on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewReleaseRules</name>
    <message numerus="yes">
        <source>%1 late machine(s) a minute</source>
        <translation>
            <numerusform>%1 late machine a minute</numerusform>
            <numerusform>%1 late machines a minute</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewTokenDialog</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::AccessPresenter</name>
    <message numerus="yes">
        <source>%1 user(s)</source>
        <translation>
            <numerusform>%1 user</numerusform>
            <numerusform>%1 users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 super admin(s)</source>
        <translation>
            <numerusform>%1 super admin</numerusform>
            <numerusform>%1 super admins</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 grant(s)</source>
        <translation>
            <numerusform>%1 grant</numerusform>
            <numerusform>%1 grants</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::AuditPresenter</name>
    <message numerus="yes">
        <source>%1 row(s), newest first</source>
        <translation>
            <numerusform>%1 row</numerusform>
            <numerusform>%1 rows, newest first</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %1 head(s) that are kept here lie on it.</source>
        <translation>
            <numerusform>The %1 head that is kept here lies on it.</numerusform>
            <numerusform>All %1 heads that are kept here lie on it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Head %2: the chain of %1 row(s) is intact.</source>
        <translation>
            <numerusform>Head %2: the chain of %1 row is intact.</numerusform>
            <numerusform>Head %2: the chain of %1 rows is intact.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::CampaignsPresenter</name>
    <message numerus="yes">
        <source>%1 is moved to %2 on %3 machine(s) of this cluster, stage by stage. The next cluster waits for its receipt.</source>
        <translation>
            <numerusform>%1 is moved to %2 on %3 machine of this cluster. The next cluster waits for its receipt.</numerusform>
            <numerusform>%1 is moved to %2 on %3 machines of this cluster, stage by stage. The next cluster waits for its receipt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 campaign(s), newest first</source>
        <translation>
            <numerusform>%1 campaign</numerusform>
            <numerusform>%1 campaigns, newest first</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 receipt(s) cannot be carried over a read-only connection.</source>
        <translation>
            <numerusform>%1 receipt cannot be carried over a read-only connection.</numerusform>
            <numerusform>%1 receipts cannot be carried over a read-only connection.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 cluster(s) answered; out of sight: %3</source>
        <translation>
            <numerusform>%1 of %2 cluster answered; out of sight: %3</numerusform>
            <numerusform>%1 of %2 clusters answered; out of sight: %3</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>release %1: %2 machine(s), %3</source>
        <translation>
            <numerusform>release %1: %2 machine, %3</numerusform>
            <numerusform>release %1: %2 machines, %3</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 cluster(s) answered; waiting for %3</source>
        <translation>
            <numerusform>%1 of %2 cluster answered; waiting for %3</numerusform>
            <numerusform>%1 of %2 clusters answered; waiting for %3</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 cluster(s) answered; waiting for %3; out of sight: %4</source>
        <translation>
            <numerusform>%1 of %2 cluster answered; waiting for %3; out of sight: %4</numerusform>
            <numerusform>%1 of %2 clusters answered; waiting for %3; out of sight: %4</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::CertificateFacts</name>
    <message numerus="yes">
        <source>%n day(s) left</source>
        <translation>
            <numerusform>%n day left</numerusform>
            <numerusform>%n days left</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ConnectionDetails</name>
    <message numerus="yes">
        <source>pinned: servers whose certificate one of the bundle&apos;s %n CA(s) signed for their address, and no other CA of this computer</source>
        <translation>
            <numerusform>pinned: servers whose certificate the bundle&apos;s %n CA signed for their address, and no other CA of this computer</numerusform>
            <numerusform>pinned: servers whose certificate one of the bundle&apos;s %n CAs signed for their address, and no other CA of this computer</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineDetailPresenter</name>
    <message numerus="yes">
        <source>, and %1 agent(s) more</source>
        <translation>
            <numerusform>, and %1 agent more</numerusform>
            <numerusform>, and %1 agents more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineRemovalPresenter</name>
    <message numerus="yes">
        <source>Remove %1 machine(s)?</source>
        <translation>
            <numerusform>Remove %1 machine?</numerusform>
            <numerusform>Remove %1 machines?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s) of these were heard of in the last %2 minutes. Stop ifrit there and wait that long.</source>
        <translation>
            <numerusform>%1 machine of these was heard of in the last %2 minutes. Stop ifrit there and wait that long.</numerusform>
            <numerusform>%1 machines of these were heard of in the last %2 minutes. Stop ifrit there and wait that long.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s) of these are not in the cluster any more.</source>
        <translation>
            <numerusform>%1 machine of these is not in the cluster any more.</numerusform>
            <numerusform>%1 machines of these are not in the cluster any more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineRevocationPresenter</name>
    <message numerus="yes">
        <source>%1: %2 certificate(s) revoked.</source>
        <translation>
            <numerusform>%1: %2 certificate revoked.</numerusform>
            <numerusform>%1: %2 certificates revoked.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MapPresenter</name>
    <message numerus="yes">
        <source>%1 cluster(s) · %2 answering</source>
        <translation>
            <numerusform>%1 cluster · %2 answering</numerusform>
            <numerusform>%1 clusters · %2 answering</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> · %1 refuse(s) you</source>
        <translation>
            <numerusform> · %1 refuses you</numerusform>
            <numerusform> · %1 refuse you</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MasterLoadPresenter</name>
    <message numerus="yes">
        <source>%1 poll(s) were told to come later</source>
        <translation>
            <numerusform>%1 poll was told to come later</numerusform>
            <numerusform>%1 polls were told to come later</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::NewReleasePresenter</name>
    <message numerus="yes">
        <source>%1 more machine(s) are left out that the plan does not name.</source>
        <translation>
            <numerusform>%1 more machine is left out that the plan does not name.</numerusform>
            <numerusform>%1 more machines are left out that the plan does not name.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PackageReleases</name>
    <message numerus="yes">
        <source>%1 release(s) brought this version</source>
        <translation>
            <numerusform>%1 release brought this version</numerusform>
            <numerusform>%1 releases brought this version</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>among the newest %1 of this agent, more to load</source>
        <translation>
            <numerusform>among the newest %1 of this agent, more to load</numerusform>
            <numerusform>among the newest %1 of this agent, more to load</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PackageSpread</name>
    <message numerus="yes">
        <source>%1 machine(s) run it</source>
        <translation>
            <numerusform>%1 machine runs it</numerusform>
            <numerusform>%1 machines run it</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 are to change</source>
        <translation>
            <numerusform>%1 is to change</numerusform>
            <numerusform>%1 are to change</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PackagesPresenter</name>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 machine</numerusform>
            <numerusform>%1 machines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, unpacked %2, %3 file(s)</source>
        <translation>
            <numerusform>%1, unpacked %2, %3 file</numerusform>
            <numerusform>%1, unpacked %2, %3 files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 package(s)</source>
        <translation>
            <numerusform>%1 package</numerusform>
            <numerusform>%1 packages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 agent(s)</source>
        <translation>
            <numerusform>%1 agent</numerusform>
            <numerusform>%1 agents</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PlanFacts</name>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 machine</numerusform>
            <numerusform>%1 machines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 change</source>
        <comment>machines of a stage</comment>
        <translation>
            <numerusform>%1 changes</numerusform>
            <numerusform>%1 change</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of these silent</source>
        <comment>machines of a stage</comment>
        <translation>
            <numerusform>%1 of these silent</numerusform>
            <numerusform>%1 of these silent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of these, with %2 of the download: they follow when they are back, and nothing waits for them</source>
        <comment>machines that change</comment>
        <translation>
            <numerusform>%1 of these, with %2 of the download: it follows when it is back, and nothing waits for it</numerusform>
            <numerusform>%1 of these, with %2 of the download: they follow when they are back, and nothing waits for them</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleaseCharts</name>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 machine</numerusform>
            <numerusform>%1 machines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleasePresenter</name>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 machine</numerusform>
            <numerusform>%1 machines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 bad, %2 is/are let through</source>
        <translation>
            <numerusform>%1 bad, %2 is let through</numerusform>
            <numerusform>%1 bad, %2 are let through</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You confirmed %1 machine(s), the master counts %2.</source>
        <translation>
            <numerusform>You confirmed %1 machine, the master counts %2.</numerusform>
            <numerusform>You confirmed %1 machines, the master counts %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It reaches %1 machine(s) by now. Look, and ask again.</source>
        <translation>
            <numerusform>It reaches %1 machine by now. Look, and ask again.</numerusform>
            <numerusform>It reaches %1 machines by now. Look, and ask again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of them has/have put the version before back already</source>
        <translation>
            <numerusform>%1 of them has put the version before back already</numerusform>
            <numerusform>%1 of them have put the version before back already</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleasesPresenter</name>
    <message numerus="yes">
        <source>%1 release(s), newest first</source>
        <translation>
            <numerusform>%1 release</numerusform>
            <numerusform>%1 releases, newest first</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::SpecFacts</name>
    <message numerus="yes">
        <source>%1 named machine(s)</source>
        <translation>
            <numerusform>%1 named machine</numerusform>
            <numerusform>%1 named machines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>at least %1 machine(s) of each type</source>
        <translation>
            <numerusform>at least %1 machine of each type</numerusform>
            <numerusform>at least %1 machines of each type</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>halts over %1 % and %2 bad machine(s) of a stage</source>
        <translation>
            <numerusform>halts over %1 % and %2 bad machine of a stage</numerusform>
            <numerusform>halts over %1 % and %2 bad machines of a stage</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::TrackedSession</name>
    <message numerus="yes">
        <source>Remove %1 machine(s)</source>
        <translation>
            <numerusform>Remove %1 machine</numerusform>
            <numerusform>Remove %1 machines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::ClusterTile</name>
    <message numerus="yes">
        <source>%1: %2, %3 machine(s), %4 healthy</source>
        <translation>
            <numerusform>%1: %2, %3 machine, %4 healthy</numerusform>
            <numerusform>%1: %2, %3 machines, %4 healthy</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>machine(s)</source>
        <translation>
            <numerusform>machine</numerusform>
            <numerusform>machines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::FilterField</name>
    <message numerus="yes">
        <source>%1 more: type on</source>
        <translation>
            <numerusform>%1 more: type on</numerusform>
            <numerusform>%1 more: type on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::HashRingView</name>
    <message numerus="yes">
        <source>%1: %2, %3 of the ring, %4 machine(s), %5 bad</source>
        <translation>
            <numerusform>%1: %2, %3 of the ring, %4 machine, %5 bad</numerusform>
            <numerusform>%1: %2, %3 of the ring, %4 machines, %5 bad</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::StateDonut</name>
    <message numerus="yes">
        <source>%1: %2 machine(s), %3 of all</source>
        <translation>
            <numerusform>%1: %2 machine, %3 of all</numerusform>
            <numerusform>%1: %2 machines, %3 of all</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::VersionBars</name>
    <message numerus="yes">
        <source>%1: %2 machine(s) run it, %3 of them stay</source>
        <translation>
            <numerusform>%1: %2 machine runs it, %3 of them stay</numerusform>
            <numerusform>%1: %2 machines run it, %3 of them stay</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %1 are to come</source>
        <translation>
            <numerusform>, %1 is to come</numerusform>
            <numerusform>, %1 are to come</numerusform>
        </translation>
    </message>
</context>
</TS>
