// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::gui::ctl {

class Shell;

// Each adds the verbs of one noun.
void addSessionCommands(Shell& shell);  // login, logout, doctor, version, completion
void addContextCommands(Shell& shell);
void addClusterCommands(Shell& shell);  // cluster, agent
void addMachineCommands(Shell& shell);
void addKeyCommands(Shell& shell);
void addPackageCommands(Shell& shell);
void addReleaseCommands(Shell& shell);
void addRingCommands(Shell& shell);
void addReleaseVerbs(Shell& shell);  // start, verify, pause... of the noun release
void addCampaignCommands(Shell& shell);
void addCampaignVerbs(Shell& shell);  // start, advance, abort... of the noun campaign
void addAuditCommands(Shell& shell);
void addUserCommands(Shell& shell);
void addGrantCommands(Shell& shell);
void addTokenCommands(Shell& shell);

void addAllCommands(Shell& shell);

}  // namespace ifrit::gui::ctl
